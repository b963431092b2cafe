using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.StartupChecks;

/// <summary>Finds policies and settings that name a scheme which is not registered. Requests that need it fail with 500.</summary>
/// <remarks>A scheme may be added later, so it stops no start.</remarks>
internal static class UnregisteredSchemeCheck
{
    private const string Name = "UnregisteredScheme";

    public static IEnumerable<StartupFinding> Find(ApplicationFacts facts)
    {
        string[] registered = [.. facts.Schemes.Select(static scheme => scheme.Name)];
        return
        [
            .. facts
                .Endpoints.SelectMany(static it => it.AuthenticationSchemes.Select(scheme => (Scheme: scheme, Endpoint: it)))
                .Where(it => !registered.Contains(it.Scheme, StringComparer.Ordinal))
                .GroupBy(static it => it.Scheme, static it => it.Endpoint, StringComparer.Ordinal)
                .Select(it => new StartupFinding(
                    Name,
                    $"The scheme \"{it.Key}\" is not registered, but it is named in AuthenticationSchemes of "
                        + $"{InspectedEndpoint.Describe(it)}. The registered schemes are: {facts.SchemeNames}. Name one of them, or none "
                        + "to use the default scheme."
                )),
            .. FindSettings(facts)
                .Where(it => !registered.Contains(it.Scheme, StringComparer.Ordinal))
                .GroupBy(static it => it.Scheme, static it => it.Setting, StringComparer.Ordinal)
                .Select(it => new StartupFinding(
                    Name,
                    $"The scheme \"{it.Key}\" is not registered, but it is named in {string.Join(", ", it)}, so requests fail with 500. "
                        + $"The registered schemes are: {facts.SchemeNames}. Name one of them, or remove the setting."
                )),
        ];
    }

    /// <summary>
    /// The settings that name a scheme. <see cref="DefaultSchemeCheck"/> examines the one that authenticates requests by default.
    /// </summary>
    private static IEnumerable<(string Setting, string Scheme)> FindSettings(ApplicationFacts facts)
    {
        foreach ((string scheme, AuthenticationSchemeOptions options) in facts.ForwardingSchemes)
        {
            foreach ((string option, string target) in Forwards.Of(options))
                yield return ($"{option} of scheme {scheme}", target);
        }

        AuthenticationOptions authentication = facts.Authentication;
        bool challenges = authentication is { DefaultAuthenticateScheme: not null, DefaultChallengeScheme: null };
        if (challenges && authentication.DefaultScheme is { } byDefault)
            yield return ($"{nameof(authentication.DefaultScheme)} of AddAuthentication", byDefault);
        if (authentication.DefaultChallengeScheme is { } challenge)
            yield return ($"{nameof(authentication.DefaultChallengeScheme)} of AddAuthentication", challenge);
        if (authentication.DefaultForbidScheme is { } forbid)
            yield return ($"{nameof(authentication.DefaultForbidScheme)} of AddAuthentication", forbid);
    }
}

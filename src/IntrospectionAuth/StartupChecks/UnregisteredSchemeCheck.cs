namespace IntrospectionAuth.StartupChecks;

/// <summary>Finds endpoints whose policy names a scheme that is not registered. Every request to them fails with 500.</summary>
/// <remarks>A scheme may be added later, so it stops no start.</remarks>
internal static class UnregisteredSchemeCheck
{
    private const string Name = "UnregisteredScheme";

    public static IEnumerable<StartupFinding> Find(ApplicationFacts facts)
    {
        string[] registered = [.. facts.Schemes.Select(static scheme => scheme.Name)];
        return facts
            .Endpoints.SelectMany(static it => (it.Policy?.AuthenticationSchemes ?? []).Select(scheme => (Scheme: scheme, Endpoint: it)))
            .Where(it => !registered.Contains(it.Scheme, StringComparer.Ordinal))
            .GroupBy(static it => it.Scheme, static it => it.Endpoint, StringComparer.Ordinal)
            .Select(it => new StartupFinding(
                Name,
                $"The scheme \"{it.Key}\" is not registered, but it is named in AuthenticationSchemes of {InspectedEndpoint.Describe(it)}. "
                    + $"The registered schemes are: {facts.SchemeNames}. Name one of them, or none to use the default scheme."
            ));
    }
}

using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.StartupChecks;

/// <summary>What an application has registered and mapped.</summary>
internal sealed class ApplicationFacts
{
    public required IReadOnlyList<InspectedEndpoint> Endpoints { get; init; }

    public required IReadOnlyList<AuthenticationScheme> Schemes { get; init; }

    /// <summary>The options of each introspection scheme, by its name.</summary>
    public required IReadOnlyDictionary<string, OAuthIntrospectionOptions> IntrospectionSchemes { get; init; }

    /// <summary>The options of each scheme whose forwards are known, by its name: introspection schemes and policy schemes.</summary>
    public required IReadOnlyDictionary<string, AuthenticationSchemeOptions> ForwardingSchemes { get; init; }

    /// <summary>The options of each selector, by its name.</summary>
    public required IReadOnlyDictionary<string, BearerSelectorOptions> Selectors { get; init; }

    /// <summary>The options of <c>AddAuthentication</c>.</summary>
    public required AuthenticationOptions Authentication { get; init; }

    /// <summary>The name of the default scheme that the application has set, whether it is registered or not.</summary>
    public string? NamedDefaultScheme => Authentication.DefaultAuthenticateScheme ?? Authentication.DefaultScheme;

    /// <summary>Whether a policy that names no scheme has one to authenticate requests with.</summary>
    public required bool HasDefaultScheme { get; init; }

    /// <summary>Whether the policies named <c>scope:…</c> and those of our attributes are provided.</summary>
    public required bool HasOwnPolicies { get; init; }

    /// <summary>
    /// Whether a policy that does not exist now cannot exist later either, and is not left to something other than ASP.NET Core's
    /// authorization.
    /// </summary>
    public required bool ArePoliciesFinal { get; init; }

    public string SchemeNames => string.Join(", ", Schemes.Select(static scheme => scheme.Name));

    /// <summary>The scheme that a remedy names as an example.</summary>
    public string ExampleScheme => IntrospectionSchemes.Keys.FirstOrDefault(OAuthIntrospectionDefaults.AuthenticationScheme);
}

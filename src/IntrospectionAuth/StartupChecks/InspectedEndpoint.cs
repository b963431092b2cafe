using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.StartupChecks;

/// <summary>An endpoint and what authorizes it.</summary>
internal sealed class InspectedEndpoint(Endpoint endpoint)
{
    private const int MaximumNames = 5;

    private const string MinimalApiPrefix = "HTTP: ";

    public Endpoint Endpoint => endpoint;

    public EndpointMetadataCollection Metadata => endpoint.Metadata;

    /// <summary>The names of the policies that it requires and that do not exist.</summary>
    public required IReadOnlyList<string> UnknownPolicies { get; init; }

    /// <summary>Its combined policy; null when it has none, allows anonymous callers, or names a policy that does not exist.</summary>
    public required AuthorizationPolicy? Policy { get; init; }

    /// <summary>The schemes that its policy names. They authenticate requests also if it allows anonymous callers.</summary>
    public required IReadOnlyList<string> AuthenticationSchemes { get; init; }

    /// <summary>Lists endpoints by their display names. A long list is cut.</summary>
    public static string Describe(IEnumerable<InspectedEndpoint> endpoints)
    {
        string[] names = [.. endpoints.Select(static endpoint => endpoint.GetName()).Distinct(StringComparer.Ordinal)];
        return names.Length <= MaximumNames
            ? string.Join(", ", names)
            : $"{string.Join(", ", names.Take(MaximumNames))} and {names.Length - MaximumNames} more";
    }

    private string GetName()
    {
        string name = endpoint.DisplayName ?? "an endpoint without a name";
        return name.StartsWith(MinimalApiPrefix, StringComparison.Ordinal) ? name[MinimalApiPrefix.Length..] : name;
    }
}

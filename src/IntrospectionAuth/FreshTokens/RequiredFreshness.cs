using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.FreshTokens;

/// <summary>Finds what the request's endpoint demands.</summary>
internal static class RequiredFreshness
{
    /// <returns>The age from which on an answer does not do, by the strictest demand; null when the endpoint does not care, or is not known yet.</returns>
    public static TimeSpan? Of(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint)
            return null;

        TimeSpan? strictest = null;
        IReadOnlyList<IFreshTokenMetadata> demands = endpoint.Metadata.GetOrderedMetadata<IFreshTokenMetadata>();
        for (int i = 0; i < demands.Count; i++)
        {
            if (!(demands[i].MaximumAge >= strictest))
                strictest = demands[i].MaximumAge;
        }

        return strictest;
    }
}

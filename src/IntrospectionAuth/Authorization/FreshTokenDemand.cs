using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Authorization;

/// <summary>The strictest demand of the request's endpoint; left with the request once a token has met it.</summary>
internal sealed class FreshTokenDemand(TimeSpan maximumAge)
{
    public TimeSpan MaximumAge { get; } = maximumAge;

    /// <returns>The age from which on an answer does not do; null when the endpoint does not care, or is not known yet.</returns>
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

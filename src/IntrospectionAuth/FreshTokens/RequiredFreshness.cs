using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.FreshTokens;

/// <summary>Reads the required freshness of the request's endpoint.</summary>
internal static class RequiredFreshness
{
    /// <returns>The lowest maximum age of the response; null when the endpoint sets none, or routing has not selected one yet.</returns>
    public static TimeSpan? Of(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint)
            return null;

        TimeSpan? lowest = null;
        IReadOnlyList<IFreshTokenMetadata> required = endpoint.Metadata.GetOrderedMetadata<IFreshTokenMetadata>();
        for (int i = 0; i < required.Count; i++)
        {
            if (!(required[i].MaximumAge >= lowest))
                lowest = required[i].MaximumAge;
        }

        return lowest;
    }
}

namespace IntrospectionAuth.Introspection;

/// <summary>Repeats, once for all who wait for it, a request that may have met a moment's failure. The circuit breaker must not do so: each of those who wait would count as a failure, and open it.</summary>
internal static class SharedRequest
{
    /// <typeparam name="T">What comes of a request.</typeparam>
    /// <param name="options">The options of the scheme, which say how often a call is repeated.</param>
    /// <param name="ask">Asks once.</param>
    /// <param name="unavailabilityOf">Says what went wrong, if anything did.</param>
    public static async Task<T> AskAsync<T>(OAuthIntrospectionOptions options, Func<Task<T>> ask, Func<T, Unavailability?> unavailabilityOf)
    {
        for (int left = options.Resilience.Enabled ? options.Resilience.Retries : 0; ; left--)
        {
            T result = await ask();
            if (unavailabilityOf(result) is not { IsTransient: true } failure)
                return result;

            if (left == 0)
            {
                failure.WasRepeated = true;
                return result;
            }
        }
    }
}

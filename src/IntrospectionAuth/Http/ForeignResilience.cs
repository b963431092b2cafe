namespace IntrospectionAuth.Http;

/// <summary>
/// Removes resilience handlers that the application adds to all of its HTTP clients, as Aspire's service defaults do. They would send a
/// client assertion twice, wait out a <c>Retry-After</c> that the caller should get, and hide failures from the circuit breaker.
/// </summary>
internal static class ForeignResilience
{
    // By name: the core depends on neither package. Both types are public, and others may derive from them.
    private static readonly string[] s_types =
    [
        "Microsoft.Extensions.Http.Resilience.ResilienceHandler",
        "Microsoft.Extensions.Http.PolicyHttpMessageHandler",
    ];

    public static void Remove(IList<DelegatingHandler> handlers)
    {
        for (int i = handlers.Count - 1; i >= 0; i--)
        {
            if (IsResilience(handlers[i]))
                handlers.RemoveAt(i);
        }
    }

    private static bool IsResilience(DelegatingHandler handler)
    {
        for (Type? type = handler.GetType(); type is not null; type = type.BaseType)
        {
            if (s_types.Contains(type.FullName, StringComparer.Ordinal))
                return true;
        }

        return false;
    }
}

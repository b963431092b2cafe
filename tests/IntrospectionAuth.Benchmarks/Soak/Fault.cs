namespace IntrospectionAuth.Benchmarks.Soak;

/// <summary>A way in which the authorization server is not well.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Begin">Makes it so; the injector ends it.</param>
internal sealed record Fault(string Name, Func<Task> Begin)
{
    /// <summary>The <c>Retry-After</c> that it sends.</summary>
    public TimeSpan RetryAfter { get; init; }
}

namespace IntrospectionAuth.Benchmarks.Soak;

/// <summary>A fault of the authorization server.</summary>
/// <param name="Name">The name in the report.</param>
/// <param name="Begin">Starts the fault; the injector ends it.</param>
internal sealed record Fault(string Name, Func<Task> Begin)
{
    /// <summary>The <c>Retry-After</c> that the server sends.</summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>Whether no request may fail because of it.</summary>
    public bool IsHarmless { get; init; }
}

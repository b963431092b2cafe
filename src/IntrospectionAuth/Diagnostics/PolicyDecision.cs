using IntrospectionAuth.Events;

namespace IntrospectionAuth.Diagnostics;

/// <summary>Why the policy of an endpoint refused a request whose token was accepted.</summary>
internal sealed class PolicyDecision
{
    /// <summary>The names of the policies and attributes of the endpoint, as far as they have one.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>The requirements in their order. Those that were not met have failed.</summary>
    public required IReadOnlyList<Check> Requirements { get; init; }

    /// <summary>What to do about the first requirement that was not met.</summary>
    public required Remedy? Remedy { get; init; }

    /// <summary>The first requirement that was not met; null when the application refused without naming one.</summary>
    public Check? Failed => Requirements.FirstOrDefault(static check => check.Verdict == CheckVerdict.Failed);

    /// <summary>What a caller may read in Development; null when the application refused without naming a requirement.</summary>
    public Explanation? Explanation => Failed is { } failed ? new(failed.ToString(), Remedy?.ToString()) : null;
}

namespace IntrospectionAuth.Events;

/// <summary>What a caller may read in Development about a refusal. In Production there is none.</summary>
/// <param name="Reason">The check that failed.</param>
/// <param name="Hint">What to do about it.</param>
internal sealed record Explanation(string Reason, string? Hint);

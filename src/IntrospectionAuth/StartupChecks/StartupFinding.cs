namespace IntrospectionAuth.StartupChecks;

/// <summary>A finding of a check: what is wrong, where, and which setting or method fixes it.</summary>
/// <param name="Check">The name of the check in docs/startup-checks.md.</param>
/// <param name="Text">Whole sentences, for developers.</param>
internal sealed record StartupFinding(string Check, string Text)
{
    /// <summary>Whether no request could succeed, so that the application must not start.</summary>
    public bool IsFatal { get; init; }
}

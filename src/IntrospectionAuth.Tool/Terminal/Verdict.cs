namespace IntrospectionAuth.Tool.Terminal;

/// <summary>The outcome of a step or a check.</summary>
internal enum Verdict
{
    Ok,
    Warn,
    Fail,
    Skipped,
}

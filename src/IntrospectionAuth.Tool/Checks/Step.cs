using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool.Checks;

/// <summary>One step of a check and its outcome. Neither text holds a token or a secret.</summary>
/// <param name="Name">The name, one of <see cref="StepNames"/>.</param>
/// <param name="Verdict">The outcome.</param>
/// <param name="Found">What was found, in one sentence.</param>
internal sealed record Step(string Name, Verdict Verdict, string Found)
{
    /// <summary>What to do about it, in one or two sentences; null when nothing needs to be done.</summary>
    public string? Remedy { get; init; }

    /// <summary>The page about it; null when there is none.</summary>
    public string? Documentation { get; init; }

    /// <summary>The URL or host that the step is about.</summary>
    public string? Target { get; init; }

    public static Step Ok(string name, string found, string? target = null) => new(name, Verdict.Ok, found) { Target = target };

    public static Step Warn(string name, string found, string? remedy, string? target = null) =>
        new(name, Verdict.Warn, found) { Remedy = remedy, Target = target };

    public static Step Fail(string name, string found, string? remedy, string? target = null) =>
        new(name, Verdict.Fail, found) { Remedy = remedy, Target = target };

    /// <summary>A step that failed for a reason that the library has a remedy for.</summary>
    public static Step Fail(string name, string found, Remedy? remedy, string? target = null) =>
        new(name, Verdict.Fail, found)
        {
            Remedy = remedy?.Text,
            Documentation = remedy?.Link,
            Target = target,
        };

    public static Step Skip(string name, string why, string? target = null) => new(name, Verdict.Skipped, why) { Target = target };
}

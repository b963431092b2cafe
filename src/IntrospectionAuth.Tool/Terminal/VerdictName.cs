using Spectre.Console;

namespace IntrospectionAuth.Tool.Terminal;

/// <summary>How a verdict is written. The name says it, not the color alone.</summary>
internal static class VerdictName
{
    /// <summary>The name in JSON.</summary>
    public static string Of(Verdict verdict) =>
        verdict switch
        {
            Verdict.Ok => "ok",
            Verdict.Warn => "warn",
            Verdict.Fail => "fail",
            _ => "skipped",
        };

    /// <summary>The name on a screen.</summary>
    public static string OnScreen(Verdict verdict) =>
        verdict switch
        {
            Verdict.Fail => "FAIL",
            Verdict.Skipped => "-",
            _ => Of(verdict),
        };

    public static Style StyleOf(Verdict verdict) =>
        verdict switch
        {
            Verdict.Ok => new Style(Color.Green),
            Verdict.Warn => new Style(Color.Yellow),
            Verdict.Fail => new Style(Color.Red, decoration: Decoration.Bold),
            _ => new Style(Color.Grey),
        };
}

using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool.Explaining;

/// <summary>How the verdict of a check is written.</summary>
internal static class CheckVerdictName
{
    /// <summary>The name in JSON.</summary>
    public static string Of(CheckVerdict verdict) =>
        verdict switch
        {
            CheckVerdict.Passed => VerdictName.Of(Verdict.Ok),
            CheckVerdict.Failed => VerdictName.Of(Verdict.Fail),
            CheckVerdict.NotReached => "not_reached",
            _ => "not_applicable",
        };

    public static Verdict OnScreen(CheckVerdict verdict) =>
        verdict switch
        {
            CheckVerdict.Passed => Verdict.Ok,
            CheckVerdict.Failed => Verdict.Fail,
            _ => Verdict.Skipped,
        };
}

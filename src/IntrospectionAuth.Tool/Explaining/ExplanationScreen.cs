using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.Tool.Settings;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool.Explaining;

/// <summary>Prints every check of a token for a person.</summary>
internal static class ExplanationScreen
{
    public static void Print(VerdictScreen screen, SchemeSettings settings, TokenExplanation explanation)
    {
        Decision decision = explanation.Decision;
        screen.PrintHeadings(
            ("Scheme", settings.Scheme),
            ("Settings", settings.SourceNames),
            ("Environment", settings.Environment),
            ("Token", explanation.Fingerprint)
        );
        int width = decision.Checks.Max(static check => check.Name.Length) + 2;
        foreach (Check check in decision.Checks)
            screen.PrintRow(CheckVerdictName.OnScreen(check.Verdict), check.Name, width, Describe(check));

        if (explanation.IsAccepted)
            screen.PrintConclusion(Verdict.Ok, "The API accepts this token.");
        else if (explanation.NeedsProof)
            screen.PrintConclusion(Verdict.Warn, "Only a request can prove possession of the key or certificate of this token.");
        else
            screen.PrintConclusion(Verdict.Fail, Conclude(decision), decision.Remedy?.ToString());
    }

    private static string[] Describe(Check check) =>
        check.Verdict switch
        {
            CheckVerdict.NotApplicable => [$"not checked: {check.Expected}"],
            CheckVerdict.NotReached when check.Found.Length == 0 => [$"not reached: expects {check.Expected}"],
            CheckVerdict.NotReached => [$"not reached: expects {check.Expected}", $"found    {check.Found}"],
            _ => [$"expected {check.Expected}", $"found    {check.Found}"],
        };

    private static string Conclude(Decision decision) =>
        decision.Outcome == DecisionOutcome.Unavailable
            ? "The API responds 503: whether the token is active is not known."
            : $"The API rejects this token: {decision.Failure}.";
}

using IntrospectionAuth.Tool.Settings;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool.Checks;

/// <summary>Prints the steps of a check for a person, each as soon as it has ended.</summary>
internal sealed class ScreenReport(VerdictScreen screen)
{
    private const int NameWidth = 15;

    public void Begin(SchemeSettings settings) =>
        screen.PrintHeadings(("Scheme", settings.Scheme), ("Settings", settings.SourceNames), ("Environment", settings.Environment));

    public void Print(Step step) => screen.PrintRow(step.Verdict, StepNames.OnScreen(step.Name), NameWidth, [step.Found], step.Remedy);

    public void End(IReadOnlyList<Step> steps)
    {
        int failed = steps.Count(static step => step.Verdict == Verdict.Fail);
        int warned = steps.Count(static step => step.Verdict == Verdict.Warn);
        if (failed > 0 && steps[^1].Name == StepNames.Configuration)
        {
            string faults = Count(failed, "fault");
            screen.PrintConclusion(Verdict.Fail, $"{faults} in the configuration. The other steps need a valid one.");
        }
        else if (failed > 0)
        {
            screen.PrintConclusion(Verdict.Fail, $"{Count(failed, "step")} failed.");
        }
        else if (warned > 0)
        {
            screen.PrintConclusion(Verdict.Warn, $"Works, with {Count(warned, "warning")}.");
        }
        else
        {
            screen.PrintConclusion(Verdict.Ok, "Everything works.");
        }
    }

    private static string Count(int number, string unit) => number == 1 ? $"1 {unit}" : $"{number} {unit}s";
}

using System.CommandLine;
using IntrospectionAuth.Tool.Checks;
using IntrospectionAuth.Tool.Settings;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool.Commands;

/// <summary><c>check</c>: walks from the settings of a scheme to a response of its authorization server.</summary>
internal sealed class CheckCommand(ToolHost host)
{
    private readonly SchemeArguments _scheme = new();
    private readonly TokenArguments _token = new();

    private readonly Option<bool> _json = new("--json") { Description = "Write the result as JSON." };

    public Command Create()
    {
        var command = new Command("check", "Check the settings of an API, the way to its authorization server, and its credentials.");
        _scheme.AddTo(command);
        _token.AddTo(command, hasArgument: false);
        command.Options.Add(_json);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        InputArguments.Validate(result, _scheme, _token);
        string? token = await _token.ReadAsync(result, host, cancellationToken);
        SchemeSettings settings = await _scheme.ReadAsync(result, host, cancellationToken);
        bool isJson = result.GetValue(_json);
        ScreenReport? report = isJson ? null : new ScreenReport(new VerdictScreen(host));
        var steps = new List<Step>();

        report?.Begin(settings);
        await foreach (Step step in new CheckRun(settings, token, host).RunAsync(cancellationToken))
        {
            steps.Add(step);
            report?.Print(step);
        }

        report?.End(steps);
        if (isJson)
            await host.Output.WriteLineAsync(JsonReport.Write(settings, steps));
        return steps.Exists(static step => step.Verdict == Verdict.Fail) ? ExitCode.Failure : ExitCode.Success;
    }
}

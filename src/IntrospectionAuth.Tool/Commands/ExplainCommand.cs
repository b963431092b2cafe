using System.CommandLine;
using IntrospectionAuth.Tool.Checks;
using IntrospectionAuth.Tool.Explaining;
using IntrospectionAuth.Tool.Settings;
using IntrospectionAuth.Tool.Terminal;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tool.Commands;

/// <summary><c>explain</c>: introspects one token and shows every check of it.</summary>
internal sealed class ExplainCommand(ToolHost host)
{
    private readonly SchemeArguments _scheme = new();
    private readonly TokenArguments _token = new();
    private readonly Option<bool> _json = new("--json") { Description = "Write the result as JSON." };

    public Command Create()
    {
        var command = new Command(
            "explain",
            "Show why the API accepts or rejects a token: every check, what it expects and what it finds."
        );
        _token.AddTo(command, hasArgument: true);
        _scheme.AddTo(command);
        command.Options.Add(_json);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        InputArguments.Validate(result, _scheme, _token);
        string token = await _token.RequireAsync(result, host, cancellationToken);
        SchemeSettings settings = await _scheme.ReadAsync(result, host, cancellationToken);
        using var warnings = new WarningRecorder();
        await using ServiceProvider services = SchemeServices.Create(settings, host, warnings);
        (OAuthIntrospectionOptions? options, IReadOnlyList<Step> faults) = ConfigurationCheck.Run(settings, services, warnings);
        if (options is null)
            throw new FailureException(Describe(faults));

        TokenExplanation explanation = await TokenExplanation.ExplainAsync(services, settings.Scheme, token, cancellationToken);
        if (result.GetValue(_json))
            await host.Output.WriteLineAsync(ExplanationJson.Write(settings, explanation));
        else
            ExplanationScreen.Print(new VerdictScreen(host), settings, explanation);
        if (_token.UsesArgument(result))
            await host.Error.WriteLineAsync("Your shell may remember this token. Pipe it next time: --token-stdin");
        return explanation.IsAccepted || explanation.NeedsProof ? ExitCode.Success : ExitCode.Failure;
    }

    private static string Describe(IReadOnlyList<Step> faults) =>
        string.Join(Environment.NewLine, faults.Select(static fault => $"{fault.Found} {fault.Remedy}".TrimEnd()));
}

using System.CommandLine;
using IntrospectionAuth.Tool.Serving;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool.Commands;

/// <summary><c>revoke</c>: revokes a token of a running <c>serve</c>.</summary>
internal sealed class RevokeCommand(ToolHost host)
{
    private readonly TokenArguments _token = new();
    private readonly Option<string> _url = ServerUrlOption.Create();

    public Command Create()
    {
        var command = new Command("revoke", "Revoke a token of a running 'serve': from then on it is not active.");
        _token.AddTo(command, hasArgument: true);
        command.Options.Add(_url);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        string token = await _token.RequireAsync(result, host, cancellationToken);
        var client = ControlClient.Create(host, result.GetRequiredValue(_url));
        bool isRevoked = await client.RevokeAsync(token, cancellationToken);
        string name = $"Token {Fingerprint.Of(token)}";
        await (isRevoked ? host.Output : host.Error).WriteLineAsync(
            isRevoked ? $"{name} is revoked." : $"{name} is unknown to the server, or revoked before."
        );
        return isRevoked ? ExitCode.Success : ExitCode.Failure;
    }
}

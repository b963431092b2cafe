using System.CommandLine;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tool.Serving;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool.Commands;

/// <summary><c>serve</c>: an authorization server on a loopback port, for an API in development.</summary>
internal sealed class ServeCommand(ToolHost host)
{
    private readonly Option<int> _port = new("--port")
    {
        Description = "The port on 127.0.0.1; 0 for any free one.",
        HelpName = "number",
        DefaultValueFactory = static _ => Addresses.DefaultPort,
    };

    private readonly Option<string?> _clientId = new("--client-id")
    {
        Description = "The client id that the API authenticates with. The default is api.",
        HelpName = "id",
    };

    private readonly Option<bool> _secretStdin = new("--secret-stdin")
    {
        Description = $"Read the client secret from standard input. It is also read from {SecretInput.SecretVariable}.",
    };

    public Command Create()
    {
        var command = new Command("serve", "Run an authorization server on this machine, for development. Tokens live in its memory.");
        command.Options.Add(_port);
        command.Options.Add(_clientId);
        command.Options.Add(_secretStdin);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        string? secret = result.GetValue(_secretStdin)
            ? await SecretInput.ReadLineAsync(host, "client secret", cancellationToken)
            : SecretInput.ReadVariable(host, SecretInput.SecretVariable);
        int port = result.GetValue(_port);
        if (port is < 0 or > 65_535)
            throw new UsageException("--port is a number from 0 to 65535.");

        await using ServedServer served = await ServedServer.StartAsync(
            host,
            options => Configure(options, port, result.GetValue(_clientId), secret),
            (server, call, response) => host.Output.WriteLine(CallLine.Describe(server, call, response, host.Time.GetLocalNow()))
        );
        await host.Output.WriteLineAsync(ServeGuide.Write(served.Server, hasOwnSecret: secret is not null));

        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellationToken.Register(stopping.SetResult))
            await stopping.Task;
        await host.Output.WriteLineAsync("Stopped. Its tokens are gone.");
        return ExitCode.Success;
    }

    private static void Configure(FakeAuthorizationServerOptions options, int port, string? clientId, string? secret)
    {
        options.Port = port;
        if (clientId is not null)
            options.ClientId = clientId;
        if (secret is not null)
            options.ClientSecret = secret;
    }
}

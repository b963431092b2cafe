using System.CommandLine;
using IntrospectionAuth.Tool.Serving;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool.Commands;

/// <summary><c>token</c>: gets a token from a running <c>serve</c>, and prints only it.</summary>
internal sealed class TokenCommand(ToolHost host)
{
    private readonly Option<string[]> _scope = new("--scope")
    {
        Description = "A scope, or several with spaces between them. May be repeated.",
        HelpName = "scope",
    };

    private readonly Option<string[]> _claim = new("--claim")
    {
        Description = "A member of the response: org_id=org_1, or with JSON: level:=5. May be repeated.",
        HelpName = "name=value",
    };

    private readonly Option<string[]> _audience = new("--audience") { Description = "An audience. May be repeated.", HelpName = "value" };

    private readonly Option<string?> _subject = new("--subject") { Description = "The subject. The default is user-1.", HelpName = "id" };

    private readonly Option<string?> _expiresIn = new("--expires-in")
    {
        Description = "The lifetime: 90, 90s, 10m, 2h or 7d. The default is 1h.",
        HelpName = "time",
    };

    private readonly Option<string> _url = ServerUrlOption.Create();

    public Command Create()
    {
        var command = new Command("token", "Get a token from a running 'serve'. Only the token is printed.");
        foreach (Option option in (Option[])[_scope, _claim, _audience, _subject, _expiresIn, _url])
            command.Options.Add(option);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var request = new TokenRequest
        {
            Scopes = [.. (result.GetValue(_scope) ?? []).SelectMany(static text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries))],
            Claims = [.. (result.GetValue(_claim) ?? []).Select(ClaimValue.Parse)],
            Audiences = result.GetValue(_audience) ?? [],
            Subject = result.GetValue(_subject),
            Lifetime = result.GetValue(_expiresIn) is { } lifetime ? LifetimeReader.Read(lifetime) : null,
        };
        var client = ControlClient.Create(host, result.GetRequiredValue(_url));
        await host.Output.WriteLineAsync(await client.IssueAsync(request, cancellationToken));
        return ExitCode.Success;
    }
}

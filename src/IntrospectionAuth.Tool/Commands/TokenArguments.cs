using System.CommandLine;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool.Commands;

/// <summary>The token of a command: from standard input, an environment variable, or an argument.</summary>
internal sealed class TokenArguments
{
    private readonly Argument<string?> _token = new("token")
    {
        Description = "The token. Shells remember it, so prefer --token-stdin for real ones.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _stdin = new("--token-stdin")
    {
        Description = $"Read the token from standard input. It is also read from {SecretInput.TokenVariable}.",
    };

    public void AddTo(Command command, bool hasArgument)
    {
        if (hasArgument)
            command.Arguments.Add(_token);
        command.Options.Add(_stdin);
        HasArgument = hasArgument;
    }

    private bool HasArgument { get; set; }

    public bool UsesStandardInput(ParseResult result) => result.GetValue(_stdin);

    public bool UsesArgument(ParseResult result) => HasArgument && result.GetValue(_token) is not null;

    /// <returns>The token.</returns>
    /// <exception cref="UsageException">There is none.</exception>
    public async Task<string> RequireAsync(ParseResult result, ToolHost host, CancellationToken cancellationToken) =>
        await ReadAsync(result, host, cancellationToken)
        ?? throw new UsageException($"Name a token: as an argument, by --token-stdin, or in {SecretInput.TokenVariable}.");

    /// <returns>The token; null when there is none.</returns>
    public async Task<string?> ReadAsync(ParseResult result, ToolHost host, CancellationToken cancellationToken)
    {
        if (!UsesStandardInput(result))
            return (HasArgument ? result.GetValue(_token) : null) ?? SecretInput.ReadVariable(host, SecretInput.TokenVariable);
        if (UsesArgument(result))
            throw new UsageException("The token is given twice, as an argument and on standard input. Remove one.");
        return await SecretInput.ReadLineAsync(host, "token", cancellationToken);
    }
}

using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool.Commands;

/// <summary>Reads a token or a secret from where no shell remembers it: standard input or an environment variable.</summary>
internal static class SecretInput
{
    /// <summary>The variables that are read.</summary>
    public const string TokenVariable = "INTROSPECTION_TOKEN",
        SecretVariable = "INTROSPECTION_CLIENT_SECRET";

    /// <returns>The first line, without white space around it.</returns>
    /// <exception cref="UsageException">There is none.</exception>
    public static async Task<string> ReadLineAsync(ToolHost host, string what, CancellationToken cancellationToken)
    {
        string? line = host.IsInputRedirected
            ? await host.Input.ReadLineAsync(cancellationToken).AsTask().WaitAsync(cancellationToken)
            : await host.Prompt($"Paste the {what}, which is not shown", cancellationToken);
        return line?.Trim() is { Length: > 0 } text ? text : throw new UsageException($"Standard input has no {what}.");
    }

    /// <returns>The value of a variable; null when it is not set or empty.</returns>
    public static string? ReadVariable(ToolHost host, string variable) =>
        host.GetVariable(variable)?.Trim() is { Length: > 0 } value ? value : null;
}

using System.CommandLine;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool.Commands;

/// <summary>Standard input holds a token or a secret, not both.</summary>
internal static class InputArguments
{
    /// <exception cref="UsageException">Both are read from it.</exception>
    public static void Validate(ParseResult result, SchemeArguments scheme, TokenArguments token)
    {
        if (scheme.UsesStandardInput(result) && token.UsesStandardInput(result))
        {
            throw new UsageException(
                "Standard input cannot hold both a token and a secret. "
                    + $"Use --token-stdin with {SecretInput.SecretVariable}, or --secret-stdin with {SecretInput.TokenVariable}."
            );
        }
    }
}

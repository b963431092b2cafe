using System.CommandLine;
using System.CommandLine.Help;
using System.Diagnostics.CodeAnalysis;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool.Commands;

/// <summary>The whole command line: <c>dotnet introspection check | explain | serve | token | revoke</c>.</summary>
internal sealed class ToolCommand(ToolHost host)
{
    public const string Name = "dotnet-introspection";

    /// <summary>A value may begin with @: it is no file of arguments, whose content messages would repeat.</summary>
    private static readonly ParserConfiguration s_parser = new() { ResponseFileTokenReplacer = null };

    /// <returns>One of <see cref="ExitCode"/>.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "The last place where an exception can be said in words.")]
    public async Task<int> RunAsync(string[] args, CancellationToken cancellationToken = default)
    {
        ParseResult result = CreateRoot().Parse(args.Length > 0 ? args : ["--help"], s_parser);
        if (result.Errors.Count > 0)
            return ReportErrors(result, args);

        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = host.Output,
                Error = host.Error,
                EnableDefaultExceptionHandler = false,
            };
            return await result.InvokeAsync(configuration, cancellationToken);
        }
        catch (UsageException exception)
        {
            await host.Error.WriteLineAsync(TerminalText.Escape(exception.Message));
            return ExitCode.WrongUsage;
        }
        catch (FailureException exception)
        {
            await host.Error.WriteLineAsync(TerminalText.Escape(exception.Message));
            return ExitCode.Failure;
        }
        catch (OperationCanceledException)
        {
            await host.Error.WriteLineAsync("Cancelled.");
            return ExitCode.Cancelled;
        }
        catch (Exception exception)
        {
            // The message of an exception may repeat what a server sent; the type does not.
            await host.Error.WriteLineAsync($"The tool itself failed: {exception.GetType()}. Please report it.");
            return ExitCode.Failure;
        }
    }

    private Command CreateRoot()
    {
        var root = new Command(Name, "Finds out why OAuth 2.0 token introspection fails, and serves tokens to developers.")
        {
            new CheckCommand(host).Create(),
            new ExplainCommand(host).Create(),
            new ServeCommand(host).Create(),
            new TokenCommand(host).Create(),
            new RevokeCommand(host).Create(),
        };
        root.Options.Add(new HelpOption());
        root.Options.Add(new VersionOption());
        return root;
    }

    /// <summary>An argument in a wrong place may be a token or a secret.</summary>
    private int ReportErrors(ParseResult result, string[] args)
    {
        Command command = result.CommandResult.Command;
        string[] messages = [.. result.Errors.Select(static error => error.Message).Distinct(StringComparer.Ordinal)];

        // A mistyped command has an error of its own; that there is no command is a consequence, and the first error.
        bool isMistyped = command.Name == Name && messages.Length > 1 && result.UnmatchedTokens.Count > 0;
        foreach (string message in messages.Skip(isMistyped ? 1 : 0))
            host.Error.WriteLine(TerminalText.Escape(ArgumentText.Hide(message, args)));

        string name = command.Name == Name ? "" : " " + command.Name;
        host.Error.WriteLine($"See: dotnet introspection{name} --help");
        return ExitCode.WrongUsage;
    }
}

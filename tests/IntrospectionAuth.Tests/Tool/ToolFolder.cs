using System.Text.Json.Nodes;
using IntrospectionAuth.Tool.Commands;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tests.Tool;

/// <summary>A folder of its own in which the tool runs, in this process. Nothing that it prints may contain a token or a secret.</summary>
internal sealed class ToolFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("introspection-tool-");

    public string Path => _folder.FullName;

    /// <summary>The folder of the user's own data.</summary>
    public string DataPath => System.IO.Path.Combine(Path, "data");

    /// <summary>Texts that no output may contain.</summary>
    public List<string> Secrets { get; } = [];

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public string? Input { get; set; }

    public bool HasColors { get; set; }

    /// <summary>Writes a file with settings of the scheme.</summary>
    public void WriteSettings(string settings, string name = "appsettings.json", string scheme = "OAuthIntrospection") =>
        Write(name, $$"""{ "Authentication": { "Schemes": { "{{scheme}}": {{settings}} } } }""");

    public void Write(string name, string text) => File.WriteAllText(System.IO.Path.Combine(Path, name), text);

    public Task<ToolResult> RunAsync(params string[] args) => RunAsync(CancellationToken.None, args);

    /// <param name="interrupt">Cancelled by Ctrl+C.</param>
    /// <param name="args">The command line.</param>
    public async Task<ToolResult> RunAsync(CancellationToken interrupt, params string[] args)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        int exitCode = await new ToolCommand(CreateHost(output, error)).RunAsync(args, interrupt);
        var result = new ToolResult(exitCode, output.ToString(), error.ToString());
        foreach (string secret in Secrets)
        {
            Assert.DoesNotContain(secret, WithoutSpace(result.Output), StringComparison.Ordinal);
            Assert.DoesNotContain(secret, WithoutSpace(result.Error), StringComparison.Ordinal);
        }

        return result;
    }

    /// <summary>Runs a check and returns its result as JSON.</summary>
    public async Task<(int ExitCode, JsonNode Report)> CheckAsync(params string[] args)
    {
        ToolResult result = await RunAsync(["check", "--json", .. args]);
        Assert.Equal("", result.Error);
        return (result.ExitCode, JsonNode.Parse(result.Output)!);
    }

    public ToolHost CreateHost(TextWriter output, TextWriter error) =>
        new()
        {
            Input = new StringReader(Input ?? ""),
            IsInputRedirected = true,
            Prompt = static (_, _) => throw new InvalidOperationException("Standard input is redirected."),
            Output = output,
            Error = error,
            HasColors = HasColors,
            Width = 80,
            GetVariable = name => Variables.GetValueOrDefault(name),
            WorkingFolder = Path,
            DataFolder = DataPath,
            Time = TimeProvider.System,
        };

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>A long text may be wrapped.</summary>
    private static string WithoutSpace(string text) => string.Concat(text.Where(static character => !char.IsWhiteSpace(character)));
}

using System.Text.RegularExpressions;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Servers;

/// <summary>An authorization server that others have written: a process, with its files in a folder of its own.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly ChildProcess _process;

    private ServerProcess(DirectoryInfo folder, ChildProcess process)
    {
        _folder = folder;
        _process = process;
    }

    public string Url { get; private set; } = "";

    /// <summary>Starts a script of this project, whose only argument is the folder.</summary>
    public static Task<ServerProcess> StartScriptAsync(string interpreter, string script) =>
        StartAsync(folder => (interpreter, [Path.Combine(ScriptFolder, script), folder]), ListeningLine());

    /// <param name="command">The command, with its arguments, for a folder.</param>
    /// <param name="readyLine">The line that the process writes when it is ready. The group "url" is its URL.</param>
    public static async Task<ServerProcess> StartAsync(Func<string, (string File, string[] Arguments)> command, Regex readyLine)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("introspectionauth-");
        (string file, string[] arguments) = command(folder.FullName);
        var server = new ServerProcess(
            folder,
            ChildProcess.Start(file, arguments, folder.FullName, new Dictionary<string, string>(StringComparer.Ordinal), readyLine)
        );
        try
        {
            server.Url = await server._process.WaitUntilReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public Task KillAsync() => _process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static string ScriptFolder => Path.Combine(Repository.Root, "tests", "IntrospectionAuth.Servers");

    [GeneratedRegex(@"^Listening on (?<url>http://\S+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ListeningLine();
}

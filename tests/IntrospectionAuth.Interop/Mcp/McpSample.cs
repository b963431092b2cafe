using System.Reflection;
using System.Text.RegularExpressions;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Redis.Tests.Engines;

namespace IntrospectionAuth.Interop.Mcp;

/// <summary>samples/Mcp as a process, configured by settings alone.</summary>
internal sealed partial class McpSample : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private McpSample(ChildProcess process, Uri url)
    {
        _process = process;
        Url = url;
    }

    /// <summary>The address of the MCP server, which is also its resource identifier.</summary>
    public Uri Url { get; }

    public static async Task<McpSample> StartAsync(Dictionary<string, string> settings)
    {
        string origin = $"http://127.0.0.1:{FreePort.Find()}"; // the resource identifier must be known before the process listens
        string url = origin + "/mcp";
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["ASPNETCORE_URLS"] = origin };
        settings = new(settings, StringComparer.Ordinal) { ["Resource"] = url, ["Audiences:0"] = url };
        foreach ((string name, string value) in settings)
            environment["Authentication__Schemes__OAuthIntrospection__" + name.Replace(":", "__", StringComparison.Ordinal)] = value;

        string assembly = Path.Combine(
            Repository.Root,
            typeof(McpSample)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(metadata => metadata.Key == "SampleMcp")
                .Value!
        );
        ChildProcess process = ChildProcess.Start("dotnet", [assembly], Path.GetDirectoryName(assembly)!, environment, ListeningLine());
        try
        {
            await process.WaitUntilReadyAsync();
            return new McpSample(process, new Uri(url));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    [GeneratedRegex(@"Now listening on: (?<url>https?://\S+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ListeningLine();
}

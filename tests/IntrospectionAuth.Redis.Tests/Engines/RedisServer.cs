using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Redis.Tests.Engines;

/// <summary>redis-server or Garnet as a process on a loopback port, without persistence.</summary>
internal sealed partial class RedisServer : IAsyncDisposable
{
    private static readonly string s_garnet = FindGarnet();
    private static readonly Lazy<bool> s_hasRedis = new(HasRedis);

    private readonly EngineKind _kind;
    private readonly string[] _arguments;
    private readonly string _folder = Directory.CreateTempSubdirectory("engine-").FullName;
    private ChildProcess? _process;
    private string? _password;

    private RedisServer(EngineKind kind, string[] arguments)
    {
        _kind = kind;
        _arguments = arguments;
    }

    public EngineKind Kind => _kind;

    public int Port { get; } = FreePort.Find();

    /// <summary>A configuration string of StackExchange.Redis.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Starts a server, or skips the test with the reason if the server is not installed.</summary>
    /// <param name="arguments">Further arguments of the server.</param>
    public static async Task<RedisServer> StartAsync(EngineKind kind = EngineKind.Redis, params string[] arguments)
    {
        Assert.SkipUnless(
            kind != EngineKind.Redis || s_hasRedis.Value,
            "There is no redis-server here: install the package 'redis-server'."
        );
        Assert.SkipUnless(kind != EngineKind.Garnet || File.Exists(s_garnet), "There is no garnet-server here: run 'dotnet tool restore'.");

        var server = new RedisServer(kind, arguments);
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts the server again, at the same address and without data.</summary>
    public async Task StartAsync()
    {
        (string file, string[] arguments) = _kind switch
        {
            EngineKind.Redis => ("redis-server", (string[])["--save", "", "--appendonly", "no", "--dir", _folder]),
            _ => ("dotnet", ["exec", s_garnet, "--memory", "64m", "--page", "4m", "--index", "8m"]),
        };
        _process = ChildProcess.Start(
            file,
            [.. arguments, "--bind", "127.0.0.1", "--port", $"{Port}", .. _arguments],
            _folder,
            new Dictionary<string, string>(StringComparer.Ordinal),
            ReadyLine()
        );
        await _process.WaitUntilReadyAsync();
    }

    /// <summary>Kills the process.</summary>
    public async Task StopAsync()
    {
        await _process!.DisposeAsync();
        _process = null;
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public Task FlushAsync() => SendAsync("FLUSHALL");

    public Task ConfigureAsync(string name, string value) => SendAsync("CONFIG", "SET", name, value);

    /// <summary>Requires another password of all clients, and closes their connections.</summary>
    public async Task LockOutAsync(string password)
    {
        await ConfigureAsync("requirepass", password);
        _password = password;
        foreach (string type in (string[])["pubsub", "normal"])
            await SendAsync("CLIENT", "KILL", "TYPE", type, "SKIPME", "yes");
    }

    /// <summary>Accepts clients without a password.</summary>
    public async Task UnlockAsync()
    {
        await ConfigureAsync("requirepass", "");
        _password = null;
    }

    /// <summary>Sends one command on a connection of its own, and returns the first line of the response.</summary>
    public async Task<string> SendAsync(params string[] command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        await using NetworkStream stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        if (_password is not null)
            await SendAsync(stream, reader, ["AUTH", _password]);
        return await SendAsync(stream, reader, command);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<string> SendAsync(NetworkStream stream, StreamReader reader, string[] command)
    {
        IEnumerable<string> parts = command.Select(part => $"${Encoding.UTF8.GetByteCount(part)}\r\n{part}\r\n");
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"*{command.Length}\r\n{string.Concat(parts)}"));

        string line = await reader.ReadLineAsync() ?? throw new InvalidOperationException("The engine closed the connection.");
        return line.StartsWith('-') ? throw new InvalidOperationException($"{string.Join(' ', command)}: {line}") : line;
    }

    private static bool HasRedis()
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo("redis-server", ["--version"]) { UseShellExecute = false, RedirectStandardOutput = true }
            )!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    /// <summary>The tool's assembly. "dotnet tool run" would start a second process, which could outlive the test.</summary>
    private static string FindGarnet()
    {
        JsonNode tools = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, ".config", "dotnet-tools.json")))!["tools"]!;
        string packages =
            Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string version = tools["garnet-server"]!["version"]!.GetValue<string>();
        return Path.Combine(packages, "garnet-server", version, "tools", "net10.0", "any", "GarnetServer.dll");
    }

    [GeneratedRegex("(?<url>Ready to accept connections)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReadyLine();
}

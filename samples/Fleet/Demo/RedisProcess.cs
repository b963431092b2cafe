using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Fleet.Demo;

/// <summary>redis-server on a loopback port, without persistence.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private readonly int _port = FindPort();
    private readonly Lock _lock = new();
    private Process? _process;

    /// <summary>Whether redis-server is on the PATH.</summary>
    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(directory => File.Exists(Path.Combine(directory, OperatingSystem.IsWindows() ? "redis-server.exe" : "redis-server")));

    /// <summary>A configuration string of StackExchange.Redis.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    public bool IsRunning
    {
        get
        {
            lock (_lock)
                return _process is not null;
        }
    }

    /// <summary>Starts the server with no data.</summary>
    public void Start()
    {
        lock (_lock)
        {
            if (_process is not null)
                return;

            string port = _port.ToString(CultureInfo.InvariantCulture);
            _process = Process.Start(
                new ProcessStartInfo("redis-server", ["--bind", "127.0.0.1", "--port", port, "--save", "", "--appendonly", "no"])
                {
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                })!;
            _process.OutputDataReceived += static (_, _) => { };
            _process.BeginOutputReadLine();
        }
    }

    /// <summary>Kills the server. Its data is lost.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _process?.Kill();
            _process?.WaitForExit();
            _process?.Dispose();
            _process = null;
        }
    }

    public ValueTask DisposeAsync()
    {
        Stop();
        return ValueTask.CompletedTask;
    }

    private static int FindPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Diagnostics;
using System.Globalization;
using IntrospectionAuth.Redis.Tests.Engines;
using StackExchange.Redis;

namespace IntrospectionAuth.Benchmarks.Fleet;

/// <summary>redis-server without persistence, and a connection to it that no fault affects.</summary>
internal sealed class EngineProcess : IAsyncDisposable
{
    private const string Administrator = "administrator",
        Password = "administrator";

    private Process? _process;
    private ConnectionMultiplexer? _connection;

    public int Port { get; } = FreePort.Find();

    public static async Task<EngineProcess> StartAsync()
    {
        var engine = new EngineProcess();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => engine._process?.Kill();
        await engine.BeginAsync();
        return engine;
    }

    /// <summary>Kills the server and starts it again, without data.</summary>
    public async Task RestartAsync()
    {
        await EndAsync();
        await BeginAsync();
    }

    /// <summary>Kills the server.</summary>
    public async Task EndAsync()
    {
        await (_connection?.CloseAsync(allowCommandsToComplete: false) ?? Task.CompletedTask);
        _connection?.Dispose();
        _connection = null;
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    /// <summary>Stops the process without ending it: connections stay open, and nothing responds.</summary>
    public void Pause() => Signal("STOP");

    /// <summary>Lets a paused process continue.</summary>
    public void Resume() => Signal("CONT");

    public async Task BeginAsync()
    {
        var start = new ProcessStartInfo("redis-server") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (string argument in (string[])["--port", Text(Port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            start.ArgumentList.Add(argument);
        foreach (string argument in (string[])["--user", Administrator, "on", ">" + Password, "~*", "&*", "+@all"])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();

        for (int attempt = 0; ; attempt++)
        {
            try
            {
                _connection = await ConnectionMultiplexer.ConnectAsync(
                    $"127.0.0.1:{Port},user={Administrator},password={Password},allowAdmin=true,connectTimeout=1000,connectRetry=0"
                );
                return;
            }
            catch (RedisConnectionException) when (attempt < 100 && !_process.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }
    }

    public Task<RedisResult> SendAsync(string command, params object[] arguments) =>
        _connection!.GetDatabase().ExecuteAsync(command, arguments);

    /// <summary>The time of one round trip to the server, without a proxy.</summary>
    public Task<TimeSpan> PingAsync() => _connection!.GetDatabase().PingAsync();

    /// <summary>Closes the connections of all nodes.</summary>
    public Task CloseConnectionsAsync() => SendAsync("CLIENT", "KILL", "USER", "default");

    /// <summary>The memory in use, and the part of it that the feed takes; null while the server does not run.</summary>
    public async Task<(long Used, long Feed)?> MeasureMemoryAsync()
    {
        try
        {
            string memory = (string)(await SendAsync("INFO", "memory"))!;
            string used = memory.Split("\r\n").First(static line => line.StartsWith("used_memory:", StringComparison.Ordinal));
            long feed = 0;
            foreach (string key in (string[])(await SendAsync("KEYS", "*:feed"))!)
                feed += (long)await SendAsync("MEMORY", "USAGE", key, "SAMPLES", "0");
            return (long.Parse(used["used_memory:".Length..], CultureInfo.InvariantCulture), feed);
        }
        catch (Exception exception)
            when (exception is RedisException or TimeoutException or ObjectDisposedException or NullReferenceException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync() => await EndAsync();

    private void Signal(string name)
    {
        using Process kill = Process.Start("kill", ["-" + name, Text(_process!.Id)]);
        kill.WaitForExit();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

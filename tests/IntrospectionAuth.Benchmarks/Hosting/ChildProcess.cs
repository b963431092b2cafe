using System.Diagnostics;

namespace IntrospectionAuth.Benchmarks.Hosting;

/// <summary>This program as a server in a child process, which ends with the parent.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const string Greeting = "Listening on ";

    private readonly Process _process;

    private ChildProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>The id of the process.</summary>
    public int Id => _process.Id;

    public TimeSpan ProcessorTime => TimeSpan.FromMicroseconds(Figures.ProcessorTime.Of(_process) / 1_000.0);

    public static async Task<ChildProcess> StartAsync(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_gcServer"] = "1"; // as in every project of the Web SDK

        Process process = Process.Start(start)!;
        string? line = await process.StandardOutput.ReadLineAsync();
        return line is not null && line.StartsWith(Greeting, StringComparison.Ordinal)
            ? new ChildProcess(process, new Uri(line[Greeting.Length..]))
            : throw new InvalidOperationException("The server did not start: " + line);
    }

    /// <summary>In the child process: prints the address, and waits until the parent closes the input or ends.</summary>
    public static async Task ServeParentAsync(string address)
    {
        Console.WriteLine(Greeting + address);
        await Console.In.ReadToEndAsync();
    }

    /// <summary>Ends the process as a crash does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

using IntrospectionAuth.Benchmarks.Hosting;

namespace IntrospectionAuth.Benchmarks.Http;

/// <summary>A contender behind Kestrel in a child process, with the header that it accepts.</summary>
internal sealed class ContenderServer : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private ContenderServer(string contender, ChildProcess process, string header)
    {
        Contender = contender;
        _process = process;
        Header = header;
    }

    public string Contender { get; }

    /// <summary>The value of the <c>Authorization</c> header.</summary>
    public string Header { get; }

    public Uri Address => _process.Address;

    public TimeSpan ProcessorTime => _process.ProcessorTime;

    public static async Task<ContenderServer> StartAsync(string contender)
    {
        ChildProcess process = await ChildProcess.StartAsync("serve", contender);
        using var client = new HttpClient();
        return new(contender, process, await client.GetStringAsync(new Uri(process.Address, ServeCommand.HeaderPath)));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}

namespace IntrospectionAuth.Benchmarks.Http;

/// <summary>Contenders that are compared over HTTP.</summary>
internal sealed class ContenderServers : IAsyncDisposable
{
    private readonly List<ContenderServer> _all = [];

    public static async Task<ContenderServers> StartAsync(IEnumerable<string> contenders)
    {
        var servers = new ContenderServers();
        try
        {
            foreach (string contender in contenders)
                servers._all.Add(await ContenderServer.StartAsync(contender));
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>Alternates the order, so that a slow drift of the machine favours no contender.</summary>
    public IEnumerable<ContenderServer> InTurns(int round) => round % 2 == 1 ? _all : _all.AsEnumerable().Reverse();

    public async ValueTask DisposeAsync()
    {
        foreach (ContenderServer server in _all)
            await server.DisposeAsync();
    }
}

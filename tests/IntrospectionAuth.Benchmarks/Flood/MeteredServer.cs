using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Benchmarks.Flood;

/// <summary>An authorization server on a loopback socket that delays each response and counts concurrent calls.</summary>
internal sealed class MeteredServer : IAsyncDisposable
{
    private const int RecordedCalls = 1_000;

    private readonly FakeAuthorizationServer _server;
    private readonly TimeSpan _delay;
    private int _calls,
        _now,
        _most;

    private MeteredServer(FakeAuthorizationServer server, TimeSpan delay)
    {
        _server = server;
        _delay = delay;
        server.RespondWith(RespondAsync);
    }

    public int Calls => _calls;

    /// <summary>The largest number of concurrent calls.</summary>
    public int MostAtOnce => _most;

    /// <summary>The settings of an API that uses this server.</summary>
    public IEnumerable<string> Settings =>
        [$"IntrospectionEndpoint={_server.IntrospectionEndpoint}", $"ClientId={_server.ClientId}", $"ClientSecret={_server.ClientSecret}"];

    public static async Task<MeteredServer> StartAsync(TimeSpan delay) => new(await FakeAuthorizationServer.ListenAsync(), delay);

    public string IssueToken() => _server.IssueToken("read");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task RespondAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _calls) % RecordedCalls == 0)
            _server.ClearCalls();

        int now = Interlocked.Increment(ref _now);
        int most = _most;
        while (now > most && Interlocked.CompareExchange(ref _most, now, most) is var seen && seen != most)
            most = seen;

        try
        {
            await Task.Delay(_delay, TimeProvider.System, context.RequestAborted);
            await _server.RespondNormallyAsync(context);
        }
        finally
        {
            Interlocked.Decrement(ref _now);
        }
    }
}

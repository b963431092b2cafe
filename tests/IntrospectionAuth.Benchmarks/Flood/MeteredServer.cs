using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Benchmarks.Flood;

/// <summary>An authorization server on a loopback socket that takes a moment for each answer, and counts how many calls it has at once.</summary>
internal sealed class MeteredServer : IAsyncDisposable
{
    private const int RememberedCalls = 1_000;

    private readonly FakeAuthorizationServer _server;
    private readonly TimeSpan _moment;
    private int _calls,
        _now,
        _most;

    private MeteredServer(FakeAuthorizationServer server, TimeSpan moment)
    {
        _server = server;
        _moment = moment;
        server.RespondWith(RespondAsync);
    }

    public int Calls => _calls;

    /// <summary>The greatest number of calls at once.</summary>
    public int MostAtOnce => _most;

    /// <summary>The settings with which an API finds it.</summary>
    public IEnumerable<string> Settings =>
        [$"IntrospectionEndpoint={_server.IntrospectionEndpoint}", $"ClientId={_server.ClientId}", $"ClientSecret={_server.ClientSecret}"];

    public static async Task<MeteredServer> StartAsync(TimeSpan moment) => new(await FakeAuthorizationServer.ListenAsync(), moment);

    public string IssueToken() => _server.IssueToken("read");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task RespondAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _calls) % RememberedCalls == 0)
            _server.ClearCalls();

        int now = Interlocked.Increment(ref _now);
        int most = _most;
        while (now > most && Interlocked.CompareExchange(ref _most, now, most) is var seen && seen != most)
            most = seen;

        try
        {
            await Task.Delay(_moment, TimeProvider.System, context.RequestAborted);
            await _server.RespondNormallyAsync(context);
        }
        finally
        {
            Interlocked.Decrement(ref _now);
        }
    }
}

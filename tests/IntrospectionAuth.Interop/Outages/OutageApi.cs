using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.Outages;

/// <summary>One samples/Api for a series of outages, with default settings except for shorter times.</summary>
public sealed class OutageApi : IAsyncLifetime
{
    internal const string Active = """{"active":true,"scope":"read"}""";

    private SampleApi? _api;

    internal SocketServer Server { get; } = new();

    internal Outage Day => new(_api!, () => Server.TotalCallCount);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Dictionary<string, string> settings = Server.Settings;
        settings["Timeout"] = "1";
        settings["Resilience:BreakerPause"] = "1.5";
        _api = await HostedApi.StartAsync(settings);

        Server.RespondTo("kept", exchange => exchange.WriteJsonAsync(Active));
        await _api.WarmUpAsync("kept");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
            await _api.DisposeAsync();
        await Server.DisposeAsync();
    }
}

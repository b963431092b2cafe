using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.BadDays;

/// <summary>One samples/Api that lives through one bad day after the other, with everything as it is by default but shorter times.</summary>
public sealed class BadDaysApi : IAsyncLifetime
{
    internal const string Active = """{"active":true,"scope":"read"}""";

    private SampleApi? _api;

    internal SocketServer Server { get; } = new();

    internal BadDay Day => new(_api!, () => Server.TotalCallCount);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Dictionary<string, string> settings = Server.Settings;
        settings["Timeout"] = "1";
        settings["Resilience:BreakerPause"] = "1.5";
        _api = await SampleApi.StartAsync(settings);

        Server.Answer("kept", exchange => exchange.WriteJsonAsync(Active));
        Assert.Equal(200, (await _api.GetAsync("/read", "kept")).Status);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
            await _api.DisposeAsync();
        await Server.DisposeAsync();
    }
}

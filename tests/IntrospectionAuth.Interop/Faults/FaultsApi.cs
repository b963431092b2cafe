using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.Faults;

/// <summary>A samples/Api with a timeout of two seconds, full logging and no resilience, and its faulty authorization server.</summary>
public sealed class FaultsApi : IAsyncLifetime
{
    private SampleApi? _api;

    internal SocketServer Server { get; } = new();

    internal SampleApi Api => _api!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        foreach ((string token, Func<Exchange, Task> behavior) in FaultyServer.Quick.Concat(FaultyServer.Slow))
            Server.RespondTo(token, behavior);
        Server.RespondTo("good", exchange => exchange.WriteJsonAsync(FaultyServer.Active));

        Dictionary<string, string> settings = Server.Settings;
        settings["Timeout"] = "2";
        settings["Resilience__Enabled"] = "false"; // so that no test affects the next
        settings["ClientSecret"] = "secret-of-the-api";
        _api = await SampleApi.StartAsync(
            settings,
            new(StringComparer.Ordinal) { ["Logging__LogLevel__Default"] = "Trace", ["Logging__LogLevel__Microsoft.AspNetCore"] = "Trace" }
        );

        // One request through everything, so that the time limits do not include compilation.
        await _api.WarmUpAsync("good");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
            await _api.DisposeAsync();
        await Server.DisposeAsync();
    }
}

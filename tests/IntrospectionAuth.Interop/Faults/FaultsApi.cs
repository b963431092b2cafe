using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.Faults;

/// <summary>samples/Api with a timeout of two seconds and without resilience, logging everything, and the faulty server that it asks.</summary>
public sealed class FaultsApi : IAsyncLifetime
{
    private SampleApi? _api;

    internal SocketServer Server { get; } = new();

    internal SampleApi Api => _api!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        foreach ((string token, Func<Exchange, Task> behavior) in FaultyServer.Quick.Concat(FaultyServer.Slow))
            Server.Answer(token, behavior);
        Server.Answer("good", exchange => exchange.WriteJsonAsync(FaultyServer.Active));

        Dictionary<string, string> settings = Server.Settings;
        settings["Timeout"] = "2";
        settings["Resilience__Enabled"] = "false"; // each test is about one answer, and must not feel what the one before it broke
        settings["ClientSecret"] = "secret-of-the-api";
        _api = await SampleApi.StartAsync(
            settings,
            new(StringComparer.Ordinal) { ["Logging__LogLevel__Default"] = "Trace", ["Logging__LogLevel__Microsoft.AspNetCore"] = "Trace" }
        );

        // Once through everything, so that the time limits below do not measure the compiler.
        Assert.Equal(200, (await _api.GetAsync("/read", "good")).Status);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
            await _api.DisposeAsync();
        await Server.DisposeAsync();
    }
}

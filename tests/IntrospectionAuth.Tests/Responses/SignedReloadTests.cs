using IntrospectionAuth.Tests.Discovery;
using Microsoft.Extensions.Configuration;

namespace IntrospectionAuth.Tests.Responses;

/// <summary>Signed responses that become required while the application runs.</summary>
public sealed class SignedReloadTests
{
    private const string Setting = "Authentication:Schemes:OAuthIntrospection:RequireSignedResponse";

    [Fact]
    public async Task Once_signatures_are_required_no_unsigned_response_is_used_cached_stale_or_in_flight()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        server.RespondWith("""{"active":true,"scope":"read"}""", "application/json");
        IConfigurationManager? settings = null;
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(
            server.Url,
            options =>
            {
                options.Cache.StaleIfUnavailable = TimeSpan.FromHours(1);
                options.Cache.RefreshAfter = TimeSpan.FromMinutes(1);
            },
            configuration: configuration => settings = configuration
        );
        Assert.Equal(200, await api.GetAsync("kept"));
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Http.On(
            "/introspect",
            async context =>
            {
                if (arrived.TrySetResult())
                    await gate.Task;
                await MetadataServer.WriteAsync(context, """{"active":true,"scope":"read"}""");
            }
        );
        Task<int> inFlight = api.GetAsync("in-flight");
        await arrived.Task;

        settings![Setting] = "true";
        ((IConfigurationRoot)settings).Reload();

        Assert.Equal(503, await api.GetAsync("kept"));
        Assert.Equal(503, await api.GetAsync("in-flight"));
        gate.SetResult();
        Assert.Equal(200, await inFlight); // It was accepted under the rules of its time.
        Assert.Equal(503, await api.GetAsync("in-flight"));
        api.Time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(503, await api.GetAsync("kept"));
        api.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(503, await api.GetAsync("kept")); // not as a stale one either
    }
}

using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.Faults;

public sealed class ProxyTests
{
    [Fact]
    public async Task A_call_to_a_loopback_host_bypasses_the_system_proxy()
    {
        await using KestrelServer proxy = await KestrelServer.StartAsync(context => context.Response.WriteJsonAsync(FaultyServer.Active));
        await using SampleApi api = await SampleApi.StartAsync(
            new(StringComparer.Ordinal)
            {
                ["IntrospectionEndpoint"] = "http://127.0.0.1:1/introspect", // no listener
                ["ClientId"] = "api",
                ["ClientSecret"] = "secret",
            },
            new(StringComparer.Ordinal)
            {
                ["HTTP_PROXY"] = proxy.Url,
                ["http_proxy"] = proxy.Url,
                ["ALL_PROXY"] = proxy.Url,
            }
        );

        ApiResponse response = await api.GetAsync("/read", "token");

        response.AssertUnavailable();
        Assert.Equal(0, proxy.CallCount);
    }
}

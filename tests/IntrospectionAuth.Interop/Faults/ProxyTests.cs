using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.Faults;

public sealed class ProxyTests
{
    [Fact]
    public async Task A_proxy_of_the_machine_never_sees_a_call_to_a_loopback_host()
    {
        await using KestrelServer proxy = await KestrelServer.StartAsync(context => context.Response.WriteJsonAsync(FaultyServer.Active));
        await using SampleApi api = await SampleApi.StartAsync(
            new(StringComparer.Ordinal)
            {
                ["IntrospectionEndpoint"] = "http://127.0.0.1:1/introspect", // nobody listens
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

        Answer answer = await api.GetAsync("/read", "token");

        answer.AssertUnavailable(TimeSpan.FromSeconds(6));
        Assert.Equal(0, proxy.CallCount);
    }
}

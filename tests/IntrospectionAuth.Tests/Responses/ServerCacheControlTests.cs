using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tests.Responses;

/// <summary>How Cache-Control limits the caching of a response, in any spelling (RFC 9111, section 5.2).</summary>
public sealed class ServerCacheControlTests
{
    [Theory]
    [InlineData("no-store")]
    [InlineData("No-Store")]
    [InlineData("private, no-store, max-age=3600")]
    [InlineData("no-store, unknown=\"a, b\"")]
    [InlineData("max-age=3600, , no-store")]
    [InlineData("no-store, max-age=abc")] // one directive that is wrong does not undo the others
    [InlineData("max-age=-1, no-store")]
    [InlineData("no-store, x=\"")]
    public async Task No_store_is_honored_regardless_of_other_directives(string header)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, """{"active":true}""", headers: [new("Cache-Control", header)]);
        await using TestApi api = await TestApi.StartAsync(server, options => options.Cache.HonorCacheControl = true);

        (await api.GetAsync("/me", "opaque-4711")).EnsureSuccessStatusCode().Dispose();
        (await api.GetAsync("/me", "opaque-4711")).EnsureSuccessStatusCode().Dispose();

        Assert.Equal(2, server.CallCount);
    }

    [Theory]
    [InlineData("Cache-Control: no-store", 10)] // oidc-provider, glewlwyd, better-auth
    [InlineData("Cache-Control: no-store|Pragma: no-cache", 10)]
    [InlineData("Cache-Control: no-cache", 10)]
    [InlineData("Cache-Control: no-cache, no-store, must-revalidate|Pragma: no-cache|Expires: 0", 10)]
    [InlineData("Cache-Control: no-cache, no-store|Expires: Thu, 01 Jan 1970 00:00:00 GMT", 10)]
    [InlineData("Cache-Control: max-age=0, private, must-revalidate", 10)] // Doorkeeper
    [InlineData("Cache-Control: private|Cache-Control: no-store", 10)] // one header field or two, it is the same list
    [InlineData("Pragma: no-cache", 1)]
    [InlineData("Expires: 0", 1)]
    [InlineData("Expires: Thu, 01 Jan 1970 00:00:00 GMT", 1)]
    public async Task Ten_requests_make_one_call_regardless_of_Cache_Control_unless_it_is_honored(string headers, int callsWhenHonored)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(async context =>
        {
            foreach (string[] header in headers.Split('|').Select(line => line.Split(": ")))
                context.Response.Headers.Append(header[0], header[1]);
            await context.Response.WriteAsJsonAsync(new { active = true });
        });
        await using TestApi byDefault = await TestApi.StartAsync(server);
        await using TestApi honoring = await TestApi.StartAsync(server, options => options.Cache.HonorCacheControl = true);

        Assert.Equal((1, callsWhenHonored), (await CountCallsAsync(byDefault), await CountCallsAsync(honoring)));

        async Task<int> CountCallsAsync(TestApi api)
        {
            int before = server.CallCount;
            for (int request = 0; request < 10; request++)
                (await api.GetAsync("/me", "opaque-4711")).EnsureSuccessStatusCode().Dispose();
            return server.CallCount - before;
        }
    }
}

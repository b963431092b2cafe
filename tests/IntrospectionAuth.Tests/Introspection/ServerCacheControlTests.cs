using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Introspection;

/// <summary>What the server says about keeping its answer, however it spells it (RFC 9111, section 5.2).</summary>
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
    public async Task No_store_is_honored_whatever_stands_beside_it(string header)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.AnswerWith(200, """{"active":true}""", headers: [new("Cache-Control", header)]);
        await using TestApi api = await TestApi.StartAsync(server);

        (await api.GetAsync("/me", "opaque-4711")).EnsureSuccessStatusCode().Dispose();
        (await api.GetAsync("/me", "opaque-4711")).EnsureSuccessStatusCode().Dispose();

        Assert.Equal(2, server.CallCount);
    }
}

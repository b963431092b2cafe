using System.Net;
using System.Text;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Responses;

/// <summary>How large a response may be.</summary>
public sealed class ResponseLimitTests
{
    private const int DefaultLimit = 256 * 1024;

    [Theory]
    [InlineData(DefaultLimit, HttpStatusCode.OK)]
    [InlineData(DefaultLimit + 1, HttpStatusCode.ServiceUnavailable)]
    public async Task A_Content_Length_above_256_KiB_yields_503(int length, HttpStatusCode status)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, ResponseOf(length));
        await using TestApi api = await TestApi.StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/me", "token");

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData(DefaultLimit, HttpStatusCode.OK)]
    [InlineData(DefaultLimit + 1, HttpStatusCode.ServiceUnavailable)]
    public async Task A_body_without_Content_Length_has_the_same_limit(int length, HttpStatusCode status)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(async context =>
        {
            context.Response.ContentType = "application/json";
            foreach (char[] piece in ResponseOf(length).Chunk(1000))
                await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(piece));
        });
        await using TestApi api = await TestApi.StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/me", "token");

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData(100, HttpStatusCode.OK)]
    [InlineData(101, HttpStatusCode.ServiceUnavailable)]
    public async Task The_limit_is_configurable(int length, HttpStatusCode status)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, ResponseOf(length));
        await using TestApi api = await TestApi.StartAsync(server, options => options.MaximumResponseLength = 100);

        using HttpResponseMessage response = await api.GetAsync("/me", "token");

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(
            status != HttpStatusCode.OK,
            api.Log.Text.Contains("it is longer than MaximumResponseLength", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task An_endless_body_yields_503_and_is_not_read_to_its_end()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.DripBody(new string(' ', 1000), start: """{"active":true}""");
        await using TestApi api = await TestApi.StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/me", "token");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains(
            api.Log.Entries,
            entry => entry.Event.Name == "InvalidResponse" && entry.Text.Contains("MaximumResponseLength", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    public async Task A_body_is_read_completely_in_pieces_of_any_length(int pieceLength)
    {
        string value = string.Concat(Enumerable.Range(0, 3000).Select(number => (char)('a' + (number % 26)))) + "é😀";
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(async context =>
        {
            context.Response.ContentType = "application/json";
            foreach (byte[] piece in Encoding.UTF8.GetBytes($$"""{"active":true,"sub":"{{value}}","x":"{{value}}"}""").Chunk(pieceLength))
                await context.Response.Body.WriteAsync(piece);
        });
        await using TestApi api = await TestApi.StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/me", "token");

        Assert.Equal($"sub={value}\nx={value}", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(32, HttpStatusCode.OK)]
    [InlineData(33, HttpStatusCode.ServiceUnavailable)]
    public async Task A_response_nested_more_than_32_deep_yields_503(int depth, HttpStatusCode status)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, $$"""{"active":true,"x":{{new string('[', depth - 1)}}{{new string(']', depth - 1)}}}""");
        await using TestApi api = await TestApi.StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/me", "token");

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task A_hundred_thousand_brackets_yield_503()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, """{"active":true,"x":""" + new string('[', 100_000));
        await using TestApi api = await TestApi.StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/me", "token");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    private static string ResponseOf(int length) => """{"active":true}""".PadRight(length);
}

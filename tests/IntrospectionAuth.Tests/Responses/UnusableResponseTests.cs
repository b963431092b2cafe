using System.IO.Compression;
using System.Net;
using System.Text;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Responses;

/// <summary>An authorization server that sends no usable response: nothing is known about the token, and nothing is cached.</summary>
public sealed class UnusableResponseTests
{
    private const string Active = """{"active":true,"scope":"read"}""";

    [Theory]
    [ClassData(typeof(UnusableBodies))]
    public async Task An_unusable_body_yields_503_and_the_next_request_makes_another_call(string body)
    {
        await using var server = FakeAuthorizationServer.Create();
        string token = server.IssueToken("read");
        server.RespondWith(200, body, calls: 1);
        await using TestApi api = await TestApi.StartAsync(server);

        using HttpResponseMessage first = await api.GetAsync("/read", token);
        using HttpResponseMessage second = await api.GetAsync("/read", token);

        AssertUnavailable(first);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(2, server.CallCount);
    }

    [Theory]
    [ClassData(typeof(UnusableBodies))]
    public async Task The_second_request_after_an_unusable_body_is_rejected_too(string body)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, body);
        await using TestApi api = await TestApi.StartAsync(server);

        using HttpResponseMessage first = await api.GetAsync("/me", "token");
        using HttpResponseMessage second = await api.GetAsync("/me", "token");

        AssertUnavailable(first);
        AssertUnavailable(second);
        Assert.Equal(2, server.CallCount);
    }

    [Fact]
    public async Task An_unusable_response_evicts_no_valid_token_and_accepts_no_invalid_one()
    {
        var time = new ManualTimeProvider();
        await using var server = FakeAuthorizationServer.Create(options => options.TimeProvider = time);
        string token = server.IssueToken("read");
        await using TestApi api = await TestApi.StartAsync(server, time: time);
        (await api.GetAsync("/read", token)).EnsureSuccessStatusCode().Dispose();
        server.RespondWith(200, "{}");

        using HttpResponseMessage remembered = await api.GetAsync("/read", token);
        using HttpResponseMessage unknown = await api.GetAsync("/read", "unknown");

        Assert.Equal(HttpStatusCode.OK, remembered.StatusCode);
        AssertUnavailable(unknown);
    }

    [Theory]
    [InlineData(201)]
    [InlineData(202)]
    [InlineData(203)]
    [InlineData(204)]
    [InlineData(206)]
    [InlineData(226)]
    [InlineData(300)]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(304)]
    [InlineData(307)]
    [InlineData(308)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(409)]
    [InlineData(410)]
    [InlineData(418)]
    [InlineData(429)]
    [InlineData(499)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(599)]
    public async Task Another_status_than_200_yields_503_regardless_of_its_body(int status)
    {
        foreach (string body in new[] { Active, """{"active":false}""" })
        {
            await using var server = FakeAuthorizationServer.Create();
            string token = server.IssueToken("read");
            int attempts = status is 502 or 503 or 504 ? 2 : 1; // a gateway's word is not taken at once
            server.RespondWith(status, body, headers: [new("Location", server.IntrospectionEndpoint)], calls: attempts);
            await using TestApi api = await TestApi.StartAsync(server);

            using HttpResponseMessage first = await api.GetAsync("/read", token);
            using HttpResponseMessage second = await api.GetAsync("/read", token);

            AssertUnavailable(first);
            Assert.Equal(HttpStatusCode.OK, second.StatusCode);
            Assert.Equal(attempts + 1, server.CallCount);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("json")]
    [InlineData("text/json")]
    [InlineData("text/html")]
    [InlineData("text/html; charset=utf-8")]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/jwt")]
    [InlineData("application/token-introspection+jwt")]
    [InlineData("application/jsonp")]
    [InlineData("application/json-seq")]
    [InlineData("application/x-ndjson")]
    [InlineData("application/javascript")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/octet-stream")]
    [InlineData("text/html, application/json")]
    [InlineData("application/json, text/html")]
    [InlineData("application/json; a=b, text/html;")]
    [InlineData("application/json, application/json;")]
    [InlineData("text/html application/json;")]
    [InlineData("; application/json")]
    [InlineData("text/plain; x=application/json")]
    public async Task A_content_type_other_than_JSON_yields_503(string? contentType)
    {
        foreach (string body in new[] { Active, """{"active":false}""" })
        {
            await using var server = FakeAuthorizationServer.Create();
            string token = server.IssueToken("read");
            server.RespondWith(200, body, contentType, calls: 1);
            await using TestApi api = await TestApi.StartAsync(server);

            using HttpResponseMessage first = await api.GetAsync("/read", token);
            using HttpResponseMessage second = await api.GetAsync("/read", token);

            AssertUnavailable(first);
            Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        }
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("Application/JSON")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=\"UTF-8\"")]
    [InlineData("application/json; profile=\"a,b\"")]
    [InlineData("application/json;")]
    [InlineData("application/json ; ")]
    [InlineData("application/json; charset=utf-8;")]
    [InlineData("application/json;; charset=utf-8")]
    [InlineData("application/vnd.example.v1+json")]
    public async Task Every_JSON_content_type_is_read(string contentType)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, Active, contentType);
        await using TestApi api = await TestApi.StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/read", "token");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_broken_connection_yields_503()
    {
        await using var server = FakeAuthorizationServer.Create();
        string token = server.IssueToken("read");
        server.Disconnect(calls: 2);
        await using TestApi api = await TestApi.StartAsync(server);

        using HttpResponseMessage first = await api.GetAsync("/read", token);
        using HttpResponseMessage second = await api.GetAsync("/read", token);

        AssertUnavailable(first);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
    }

    [Fact]
    public async Task A_truncated_body_yields_503()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Active));
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        await using TestApi api = await TestApi.StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/read", "token");

        AssertUnavailable(response);
    }

    [Fact]
    public async Task A_compressed_body_yields_503()
    {
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Active));
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers.ContentEncoding = "gzip";
            await context.Response.Body.WriteAsync(compressed.ToArray());
        });
        await using TestApi api = await TestApi.StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/read", "token");

        AssertUnavailable(response);
    }

    [Theory]
    [InlineData("""{"active":true,"sub":"marker-in-the-response","sub":1}""")]
    [InlineData("""{"active":true,"marker-in-the-response":1,"marker-in-the-response":1}""")]
    [InlineData("""{"active":"marker-in-the-response"}""")]
    [InlineData("""{"active":true,"marker-in-the-response":}""")]
    [InlineData("marker-in-the-response")]
    public async Task Nothing_of_an_unusable_response_is_logged_or_returned(string body)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, body);
        await using TestApi api = await TestApi.StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/me", "marker-of-the-token");

        Assert.Contains(api.Log.Entries, entry => entry.Event.Name == "InvalidResponse");
        Assert.DoesNotContain("marker", api.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("marker", response + await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain; charset=utf-8", "its content type is not JSON but text/plain.")]
    [InlineData("text/html;", "its content type is not JSON but text/html.")]
    [InlineData("application/x-www-form-urlencoded", "its content type is not JSON but application/x-www-form-urlencoded.")]
    [InlineData(null, "its content type is not JSON (it has none).")]
    [InlineData("text/plain, text/html", "its content type is not JSON.")]
    [InlineData("text/marker-of-the-token", "its content type is not JSON.")]
    [InlineData("marker-of-the-token/html", "its content type is not JSON.")]
    [InlineData("text/0123456789012345678901234567890123456789012345678901234567890", "its content type is not JSON.")]
    [InlineData("text/h%74ml", "its content type is not JSON.")]
    public async Task The_log_names_the_content_type_of_the_response_if_it_is_valid(string? contentType, string fault)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, """{"active":true}""", contentType);
        await using TestApi api = await TestApi.StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/me", "marker-of-the-token");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains(
            fault,
            Assert.Single(api.Log.Entries, entry => entry.Event.Name == "InvalidResponse").Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_date_in_milliseconds_is_accepted_with_a_warning()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, """{"active":true,"exp":1700000000000}""");
        await using TestApi api = await TestApi.StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/me", "token");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            Microsoft.Extensions.Logging.LogLevel.Warning,
            Assert.Single(api.Log.Entries, entry => entry.Event.Name == "DateClamped").Level
        );
    }

    [Fact]
    public async Task An_ordinary_date_causes_no_warning()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/me", server.IssueToken());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain(api.Log.Entries, entry => entry.Event.Name == "DateClamped");
    }

    private static void AssertUnavailable(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("5", Assert.Single(response.Headers.GetValues("Retry-After")));
        Assert.Empty(response.Headers.WwwAuthenticate);
    }
}

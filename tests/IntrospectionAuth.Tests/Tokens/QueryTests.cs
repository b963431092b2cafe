using System.Net;
using System.Text;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tests.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tests.Tokens;

/// <summary>Tokens in the query (RFC 6750, section 2.3), over a real socket.</summary>
public sealed class QueryTests : IAsyncDisposable
{
    private const string InvalidRequest =
        "Bearer error=\"invalid_request\", error_description=\"The access token is not presented correctly.\"";
    private const string NoStore = "no-store, private";
    private const string Token = "opaque-token-4711+/~.=";
    private const string Escaped = "opaque-token-4711%2B%2F~.%3D";

    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();

    public QueryTests() =>
        _server.IssueToken(token =>
        {
            token.Value = Token;
            token.Subject = "user-7";
        });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("/hubs")]
    [InlineData("/hubs/")]
    [InlineData("/hubs/chat/a")]
    [InlineData("/HUBS/chat")]
    [InlineData("/events")]
    [InlineData("/caf%C3%A9/x")]
    public async Task A_token_in_the_query_is_accepted_at_and_below_a_listed_path(string path)
    {
        await using KestrelApi api = await StartAsync();

        using HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, $"{path}?a=1&access_token={Escaped}");

        Assert.Equal("user-7", await response.Content.ReadAsStringAsync());
        Assert.Equal(Token, Assert.Single(_server.Calls).Token);
        Assert.Equal(NoStore, CacheControl(response));
    }

    [Theory]
    [InlineData("/me")]
    [InlineData("/hubs2")]
    [InlineData("/hub")]
    [InlineData("/a/hubs")]
    [InlineData("/hubs%2Fchat")]
    [InlineData("/hubs/../me")]
    public async Task A_token_in_the_query_of_another_path_is_not_read(string path)
    {
        await using KestrelApi api = await StartAsync();

        using HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, $"{path}?access_token={Escaped}");
        using HttpResponseMessage beside = await api.SendAsync(
            HttpMethod.Get,
            $"{path}?access_token=other",
            authorization: "Bearer " + Token
        );

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal("", CacheControl(response));
        Assert.Equal(HttpStatusCode.OK, beside.StatusCode);
    }

    [Theory]
    [InlineData($"access_token={Escaped}&access_token={Escaped}", null)]
    [InlineData($"access_token={Escaped}&Access_Token={Escaped}", null)]
    [InlineData("access_token=", null)]
    [InlineData("access_token", null)]
    [InlineData("access_token=not+one", null)]
    [InlineData("access_token=%ff", null)]
    [InlineData("access_token=a%0D%0Ab", null)]
    [InlineData("access_token=a,b", null)]
    [InlineData("access_token=Bearer%20abc", null)]
    [InlineData($"access_token={Escaped}", "Bearer " + Token)]
    [InlineData("access_token=other", "Bearer " + Token)]
    [InlineData("access_token=", "bearer " + Token)]
    [InlineData($"access_token={Escaped}", "Bearer")]
    public async Task Two_tokens_or_a_malformed_one_are_400_without_a_call_and_not_stored(string query, string? authorization)
    {
        await using KestrelApi api = await StartAsync();

        using HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, "/hubs?" + query, authorization: authorization);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(InvalidRequest, response.Headers.WwwAuthenticate.ToString());
        Assert.Equal(NoStore, CacheControl(response));
        Assert.Equal(0, _server.CallCount);
    }

    [Fact]
    public async Task A_token_longer_than_allowed_is_400()
    {
        await using KestrelApi api = await StartAsync(options => options.MaximumTokenLength = 8);

        using HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, "/hubs?access_token=123456789");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_token_in_the_query_and_one_in_the_form_are_400()
    {
        await using KestrelApi api = await StartAsync(options => options.TokenRetrieval.FormBody = true);

        using HttpResponseMessage both = await api.SendAsync(
            HttpMethod.Post,
            $"/hubs?access_token={Escaped}",
            Form($"access_token={Escaped}")
        );
        using HttpResponseMessage query = await api.SendAsync(HttpMethod.Post, $"/hubs?access_token={Escaped}", Form("a=1"));
        using HttpResponseMessage form = await api.SendAsync(HttpMethod.Post, "/hubs", Form($"access_token={Escaped}"));

        Assert.Equal(HttpStatusCode.BadRequest, both.StatusCode);
        Assert.Equal(HttpStatusCode.OK, query.StatusCode);
        Assert.Equal(HttpStatusCode.OK, form.StatusCode);
    }

    [Fact]
    public async Task A_header_of_another_scheme_has_no_effect()
    {
        await using KestrelApi api = await StartAsync();

        using HttpResponseMessage response = await api.SendAsync(
            HttpMethod.Get,
            $"/hubs?access_token={Escaped}",
            authorization: "Basic YTpi"
        );

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_token_in_the_header_works_on_a_listed_path_and_the_response_may_be_stored()
    {
        await using KestrelApi api = await StartAsync();

        using HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, "/events", authorization: "Bearer " + Token);

        Assert.Equal("public, max-age=600", CacheControl(response));
    }

    [Fact]
    public async Task The_Cache_Control_of_the_endpoint_is_overwritten()
    {
        await using KestrelApi api = await StartAsync();

        using HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, $"/events?access_token={Escaped}");

        Assert.Equal(NoStore, CacheControl(response));
    }

    [Fact]
    public async Task A_cache_in_the_application_reads_that_the_response_is_not_to_be_stored()
    {
        await using KestrelApi api = await StartAsync();

        using HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, $"/hubs/headers?access_token={Escaped}");

        Assert.Equal(NoStore, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/hubs", "unknown", 200, HttpStatusCode.Unauthorized)]
    [InlineData("/forbidden", Escaped, 200, HttpStatusCode.Forbidden)]
    [InlineData("/hubs", Escaped, 500, HttpStatusCode.ServiceUnavailable)]
    public async Task Challenges_are_not_stored_either(string path, string token, int serverStatus, HttpStatusCode status)
    {
        await using KestrelApi api = await StartAsync();
        if (serverStatus != 200)
            _server.RespondWith(serverStatus);

        using HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, $"{path}?access_token={token}");

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(NoStore, CacheControl(response));
    }

    [Fact]
    public async Task The_filter_applies_to_a_token_in_the_query_too()
    {
        await using KestrelApi api = await StartAsync(options => options.TokenFilter.Prefixes.Add("acme_"));

        using HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, $"/hubs?access_token={Escaped}");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(0, _server.CallCount);
    }

    [Fact]
    public async Task The_query_is_read_after_an_event_that_supplies_no_token()
    {
        await using KestrelApi api = await StartAsync(options => options.Events.OnMessageReceived = _ => Task.CompletedTask);

        using HttpResponseMessage response = await api.SendAsync(HttpMethod.Get, $"/hubs?access_token={Escaped}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task The_same_token_is_introspected_once_regardless_of_its_place()
    {
        await using KestrelApi api = await StartAsync();

        using HttpResponseMessage query = await api.SendAsync(HttpMethod.Get, $"/hubs?access_token={Escaped}");
        using HttpResponseMessage header = await api.SendAsync(HttpMethod.Get, "/me", authorization: "Bearer " + Token);

        Assert.Equal(HttpStatusCode.OK, header.StatusCode);
        Assert.Equal(1, _server.CallCount);
    }

    /// <summary>
    /// Verifies docs/token-retrieval.md: ASP.NET Core logs the URL when a request starts and ends, in one category, and no other category
    /// contains it.
    /// </summary>
    [Fact]
    public async Task Only_the_hosts_own_category_logs_the_query()
    {
        using var spans = new ActivityRecorder(OAuthIntrospectionDefaults.AuthenticationScheme);
        await using KestrelApi api = await StartAsync();
        using var metrics = new MeasurementRecorder(api.Services);

        foreach (
            string query in (string[])
                [
                    $"access_token={Escaped}",
                    $"access_token={Escaped}&access_token={Escaped}",
                    $"access_token={Escaped}%20",
                    "access_token=opaque-token-4711-unknown",
                ]
        )
        {
            (await api.SendAsync(HttpMethod.Get, "/hubs?" + query)).Dispose();
        }

        _server.RespondWith(500);
        (await api.SendAsync(HttpMethod.Get, "/hubs?access_token=opaque-token-4711-another")).Dispose();

        const string Secret = "opaque-token-4711";
        Assert.Equal(
            [
                "Microsoft.AspNetCore.Hosting.Diagnostics Information 1", // a request starts
                "Microsoft.AspNetCore.Hosting.Diagnostics Information 2", // and ends
            ],
            api.Log.Entries.Where(entry => entry.Text.Contains(Secret, StringComparison.Ordinal))
                .Select(entry => $"{entry.Category} {entry.Level} {entry.Event.Id}")
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );
        Assert.All(metrics.Measurements, it => Assert.DoesNotContain(Secret, it.Tags, StringComparison.Ordinal));
        Assert.NotEmpty(spans.Ended);
        Assert.All(
            spans.Ended,
            span => Assert.DoesNotContain(span.TagObjects, tag => $"{tag.Value}".Contains(Secret, StringComparison.Ordinal))
        );
    }

    private static string CacheControl(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("Cache-Control", out var values) ? values.ToString() : "";

    private static StringContent Form(string text) => new(text, Encoding.ASCII, "application/x-www-form-urlencoded");

    private Task<KestrelApi> StartAsync(Action<OAuthIntrospectionOptions>? configure = null) =>
        KestrelApi.StartAsync(
            _server,
            options =>
            {
                foreach (string path in (string[])["/hubs", "/events", "/forbidden", "/caf\u00e9"])
                    options.TokenRetrieval.QueryPaths.Add(path);
                configure?.Invoke(options);
            },
            app =>
            {
                app.MapGet("/forbidden", () => "in").RequireAuthorization("scope:other");
                app.Map(
                        "/events",
                        (HttpContext context) =>
                        {
                            context.Response.Headers.CacheControl = "public, max-age=600";
                            return context.User.FindFirst("sub")?.Value;
                        }
                    )
                    .RequireAuthorization();
                app.Map("/hubs/headers", (HttpContext context) => context.Response.Headers.CacheControl.ToString()).RequireAuthorization();
                app.Map("/{**rest}", (HttpContext context) => context.User.FindFirst("sub")?.Value).RequireAuthorization();
            }
        );
}

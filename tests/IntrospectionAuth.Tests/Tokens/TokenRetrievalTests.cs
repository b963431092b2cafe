using System.Net;
using System.Security.Claims;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Tests.Tokens;

/// <summary>Reading the token of a request, through the whole pipeline.</summary>
public sealed class TokenRetrievalTests : IAsyncDisposable
{
    private const string InvalidRequest =
        "Bearer error=\"invalid_request\", error_description=\"The access token is not presented correctly.\"";

    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly string _token;

    public TokenRetrievalTests() => _token = _server.IssueToken("read");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [ClassData(typeof(MalformedHeaders))]
    public async Task A_malformed_header_is_400_without_a_call(string header)
    {
        _server.IssueToken(token => token.Value = "good");
        await using TestApi api = await TestApi.StartAsync(_server);

        HttpContext context = await api.SendRawAsync("/me", header);

        Assert.Equal(StatusCodes.Status400BadRequest, context.Response.StatusCode);
        Assert.Equal(InvalidRequest, context.Response.Headers.WWWAuthenticate);
        Assert.False(context.Response.Headers.ContainsKey("X-Injected"));
        Assert.Equal(0, _server.CallCount);
    }

    [Theory]
    [ClassData(typeof(MalformedHeaders))]
    public async Task A_malformed_header_never_uses_the_cache(string header)
    {
        string token = _server.IssueToken(token => token.Value = "good");
        await using TestApi api = await TestApi.StartAsync(_server);
        (await api.GetAsync("/me", token)).EnsureSuccessStatusCode().Dispose();

        HttpContext context = await api.SendRawAsync("/me", header);

        Assert.Equal(StatusCodes.Status400BadRequest, context.Response.StatusCode);
        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task The_same_active_token_in_two_headers_is_400_without_a_call()
    {
        await using TestApi api = await TestApi.StartAsync(_server);

        HttpContext context = await api.SendRawAsync("/me", new StringValues(["Bearer " + _token, "Bearer " + _token]));

        Assert.Equal(StatusCodes.Status400BadRequest, context.Response.StatusCode);
        Assert.Equal(InvalidRequest, context.Response.Headers.WWWAuthenticate);
        Assert.Equal(0, _server.CallCount);
    }

    [Fact]
    public async Task A_malformed_request_does_not_affect_later_requests_with_the_token()
    {
        await using TestApi api = await TestApi.StartAsync(_server);

        HttpContext malformed = await api.SendRawAsync("/me", $"Bearer {_token} {_token}");
        HttpContext wellFormed = await api.SendRawAsync("/me", $"Bearer {_token}");

        Assert.Equal(StatusCodes.Status400BadRequest, malformed.Response.StatusCode);
        Assert.Equal(StatusCodes.Status200OK, wellFormed.Response.StatusCode);
    }

    [Theory]
    [InlineData(16_384, StatusCodes.Status200OK, 1)]
    [InlineData(16_385, StatusCodes.Status400BadRequest, 0)]
    public async Task A_token_longer_than_16384_characters_is_400_without_a_call(int length, int status, int calls)
    {
        string token = _server.IssueToken(token => token.Value = new string('a', length));
        await using TestApi api = await TestApi.StartAsync(_server);

        HttpContext context = await api.SendRawAsync("/me", "Bearer " + token);

        Assert.Equal(status, context.Response.StatusCode);
        Assert.Equal(calls, _server.CallCount);
    }

    [Fact]
    public async Task The_maximum_length_of_a_token_is_an_option()
    {
        string token = _server.IssueToken(token => token.Value = "abcdefghi");
        await using TestApi api = await TestApi.StartAsync(_server, options => options.MaximumTokenLength = 8);

        HttpContext context = await api.SendRawAsync("/me", "Bearer " + token);

        Assert.Equal(StatusCodes.Status400BadRequest, context.Response.StatusCode);
    }

    [Theory]
    [InlineData("bearer {0}")]
    [InlineData("BEARER {0}")]
    [InlineData("Bearer       {0}")]
    public async Task The_scheme_is_compared_without_case_and_several_spaces_may_follow(string header)
    {
        await using TestApi api = await TestApi.StartAsync(_server);

        HttpContext context = await api.SendRawAsync("/me", header.Replace("{0}", _token, StringComparison.Ordinal));

        Assert.Equal(StatusCodes.Status200OK, context.Response.StatusCode);
        Assert.Equal(_token, Assert.Single(_server.Calls).Token);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Basic YTpi")]
    [InlineData("DPoPToken abc")]
    [InlineData("BearerToken abc")]
    public async Task Without_a_bearer_token_there_is_no_result_and_no_failure(string? header)
    {
        bool failed = false;
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
                options.Events.OnAuthenticationFailed = _ =>
                {
                    failed = true;
                    return Task.CompletedTask;
                }
        );

        HttpContext closed = await api.SendRawAsync("/me", header);
        HttpContext open = await api.SendRawAsync("/public", header);

        Assert.Equal(StatusCodes.Status401Unauthorized, closed.Response.StatusCode);
        Assert.Equal("Bearer", closed.Response.Headers.WWWAuthenticate);
        Assert.Equal(StatusCodes.Status200OK, open.Response.StatusCode);
        Assert.False(failed);
        Assert.Equal(0, _server.CallCount);
    }

    [Fact]
    public async Task A_tab_after_the_scheme_never_leads_to_a_call()
    {
        await using TestApi api = await TestApi.StartAsync(_server);

        HttpContext context = await api.SendRawAsync("/me", "Bearer\t" + _token);

        Assert.InRange(context.Response.StatusCode, 400, 401);
        Assert.Equal(0, _server.CallCount);
    }

    [Theory]
    [InlineData("/me?access_token={0}")]
    [InlineData("/me?token={0}")]
    public async Task A_token_in_the_query_is_not_read_by_default(string path)
    {
        await using TestApi api = await TestApi.StartAsync(_server);

        using HttpResponseMessage response = await api.GetAsync(path.Replace("{0}", _token, StringComparison.Ordinal), token: null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(0, _server.CallCount);
    }

    [Fact]
    public async Task An_event_may_supply_the_token()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
                options.Events.OnMessageReceived = async context =>
                {
                    await Task.Yield();
                    context.Token = _token;
                }
        );

        using HttpResponseMessage response = await api.GetAsync("/read", token: null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_token_from_an_event_takes_precedence_over_the_header()
    {
        await using TestApi api = await StartAsync(context => context.Token = _token);

        using HttpResponseMessage response = await api.GetAsync("/read", "another");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(_token, Assert.Single(_server.Calls).Token);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a b")]
    [InlineData("a\r\nb")]
    [InlineData("t\u00F6ken")]
    [InlineData("abcdefghi")]
    public async Task A_malformed_token_from_an_event_is_rejected_too(string supplied)
    {
        await using TestApi api = await StartAsync(context => context.Token = supplied, options => options.MaximumTokenLength = 8);

        using HttpResponseMessage response = await api.GetAsync("/me", token: null);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(0, _server.CallCount);
    }

    [Fact]
    public async Task The_header_is_read_after_an_event_that_does_nothing()
    {
        await using TestApi api = await TestApi.StartAsync(_server, options => options.Events.OnMessageReceived = _ => Task.CompletedTask);

        using HttpResponseMessage good = await api.GetAsync("/me", _token);
        HttpContext malformed = await api.SendRawAsync("/me", "Bearer");

        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Equal(StatusCodes.Status400BadRequest, malformed.Response.StatusCode);
    }

    [Fact]
    public async Task An_event_may_decline_the_request()
    {
        await using TestApi api = await StartAsync(context => context.NoResult());

        using HttpResponseMessage response = await api.GetAsync("/me", _token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal(0, _server.CallCount);
    }

    [Fact]
    public async Task An_event_may_supply_the_principal()
    {
        await using TestApi api = await StartAsync(context =>
        {
            context.Principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "from-event")], "event"));
            context.Success();
        });

        using HttpResponseMessage response = await api.GetAsync("/me", _token);

        Assert.Equal("sub=from-event", await response.Content.ReadAsStringAsync());
        Assert.Equal(0, _server.CallCount);
    }

    [Fact]
    public async Task An_event_may_reject_the_request()
    {
        await using TestApi api = await StartAsync(context => context.Fail("the words of the application"));

        using HttpResponseMessage response = await api.GetAsync("/me", _token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(
            "Bearer error=\"invalid_token\", error_description=\"The access token was not accepted.\"",
            response.Headers.WwwAuthenticate.ToString()
        );
        Assert.Equal(0, _server.CallCount);
    }

    [Fact]
    public async Task An_exception_in_an_event_reaches_the_application()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options => options.Events.OnMessageReceived = _ => throw new TimeZoneNotFoundException("mine")
        );

        Task<AuthenticateResult> authenticating = api.AuthenticateAsync(_token);

        Assert.Equal("mine", (await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => authenticating)).Message);
    }

    [Fact]
    public async Task Overridden_event_methods_are_called()
    {
        await using TestApi api = await TestApi.StartAsync(_server, options => options.Events = new TokenFromEvents(_token));

        using HttpResponseMessage response = await api.GetAsync("/read", token: null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private Task<TestApi> StartAsync(Action<MessageReceivedContext> received, Action<OAuthIntrospectionOptions>? configure = null) =>
        TestApi.StartAsync(
            _server,
            options =>
            {
                configure?.Invoke(options);
                options.Events.OnMessageReceived = context =>
                {
                    received(context);
                    return Task.CompletedTask;
                };
            }
        );

    private sealed class TokenFromEvents(string token) : OAuthIntrospectionEvents
    {
        public override Task MessageReceived(MessageReceivedContext context)
        {
            context.Token = token;
            return Task.CompletedTask;
        }
    }
}

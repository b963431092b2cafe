using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Tokens;

/// <summary>Tokens that do not match the filter, through the whole pipeline: their cost and the responses to callers.</summary>
public sealed class TokenFilterTests : IAsyncDisposable
{
    private const string Foreign =
        "Bearer error=\"invalid_token\", error_description=\"The access token is not in a format that is accepted here.\"";

    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly FakeAuthorizationServer _serverOfB = FakeAuthorizationServer.Create();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _serverOfB.DisposeAsync();
    }

    [Fact]
    public async Task A_foreign_token_is_401_without_a_call_or_an_entry()
    {
        string token = IssueToken("test_1"); // every introspected token is active
        await using TestApi api = await StartAsync();

        using HttpResponseMessage first = await api.GetAsync("/read", token);
        using HttpResponseMessage second = await api.GetAsync("/read", token);

        Assert.Equal(HttpStatusCode.Unauthorized, first.StatusCode);
        Assert.Equal(Foreign, first.Headers.WwwAuthenticate.ToString());
        Assert.Equal(Foreign, second.Headers.WwwAuthenticate.ToString());
        Assert.Equal(0, _server.CallCount);
    }

    [Fact]
    public async Task A_token_that_matches_is_introspected()
    {
        string token = IssueToken("acme_1");
        await using TestApi api = await StartAsync();

        await api.AssertStatusAsync("/read", token, HttpStatusCode.OK);
        await api.AssertStatusAsync("/read", "acme_unknown", HttpStatusCode.Unauthorized);
        Assert.Equal([token, "acme_unknown"], _server.Calls.Select(call => call.Token));
    }

    [Fact]
    public async Task Many_foreign_tokens_cost_no_call_and_evict_no_cache_entry()
    {
        string token = IssueToken("acme_1");
        await using TestApi api = await StartAsync(options =>
        {
            options.Cache.MaximumEntries = 1;
            options.Cache.MaximumInactiveEntries = 1;
        });
        await api.AssertStatusAsync("/read", token, HttpStatusCode.OK);
        await api.AssertStatusAsync("/read", "acme_inactive", HttpStatusCode.Unauthorized);

        for (int i = 0; i < 100; i++)
            await api.AssertStatusAsync("/read", $"garbage-{i}", HttpStatusCode.Unauthorized);

        await api.AssertStatusAsync("/read", token, HttpStatusCode.OK);
        await api.AssertStatusAsync("/read", "acme_inactive", HttpStatusCode.Unauthorized);
        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task A_foreign_token_is_401_while_the_server_is_down()
    {
        _server.Disconnect();
        await using TestApi api = await StartAsync();

        await api.AssertStatusAsync("/read", "garbage", HttpStatusCode.Unauthorized);
        await api.AssertStatusAsync("/read", "acme_1", HttpStatusCode.ServiceUnavailable);
    }

    [Theory]
    [InlineData("Bearer not one")]
    [InlineData("Bearer")]
    [InlineData("Bearer acme_0123456789")]
    public async Task A_malformed_token_is_400_before_the_filter_applies(string header)
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.MaximumTokenLength = 12;
            options.TokenFilter.Mismatch = TokenFilterMismatch.Ignore;
        });

        HttpContext context = await api.SendRawAsync("/me", header);

        Assert.Equal(StatusCodes.Status400BadRequest, context.Response.StatusCode);
    }

    [Fact]
    public async Task A_foreign_token_does_not_stop_an_anonymous_request()
    {
        await using TestApi api = await StartAsync();

        await api.AssertStatusAsync("/public", "garbage", HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("acme_1", HttpStatusCode.OK)]
    [InlineData("test_1", HttpStatusCode.Unauthorized)]
    public async Task The_filter_applies_to_a_token_from_an_event_too(string value, HttpStatusCode status)
    {
        string token = IssueToken(value);
        await using TestApi api = await StartAsync(options =>
            options.Events.OnMessageReceived = context =>
            {
                context.Token = token;
                return Task.CompletedTask;
            }
        );

        await api.AssertStatusAsync("/read", token: null, status);
        Assert.Equal(status == HttpStatusCode.OK ? 1 : 0, _server.CallCount);
    }

    [Fact]
    public async Task Events_and_the_log_contain_why_a_foreign_token_was_rejected()
    {
        OAuthIntrospectionFailure? reason = null;
        await using TestApi api = await StartAsync(options =>
            options.Events.OnAuthenticationFailed = context =>
            {
                reason = context.Reason;
                return Task.CompletedTask;
            }
        );

        await api.AssertStatusAsync("/read", "garbage-4711", HttpStatusCode.Unauthorized);

        Assert.Equal(OAuthIntrospectionFailure.ForeignToken, reason);
        Assert.Contains(
            api.Log.Entries,
            entry => entry.Event.Name == "NotAuthenticated" && entry.Text.Contains("ForeignToken", StringComparison.Ordinal)
        );
        Assert.DoesNotContain("garbage-4711", api.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ignored_token_is_no_failure_and_costs_no_call()
    {
        bool hasFailed = false;
        await using TestApi api = await StartAsync(options =>
        {
            options.TokenFilter.Mismatch = TokenFilterMismatch.Ignore;
            options.Events.OnAuthenticationFailed = _ =>
            {
                hasFailed = true;
                return Task.CompletedTask;
            };
        });

        using HttpResponseMessage response = await api.GetAsync("/read", "garbage");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer scope=\"read\"", response.Headers.WwwAuthenticate.ToString());
        Assert.True((await api.AuthenticateAsync("garbage")).None);
        Assert.False(hasFailed);
        Assert.Equal(0, _server.CallCount);
    }

    [Theory]
    [InlineData("A,B", "acme_1")]
    [InlineData("B,A", "acme_1")]
    [InlineData("A,B", "test_1")]
    [InlineData("B,A", "test_1")]
    public async Task Each_of_two_schemes_introspects_only_its_own_tokens(string order, string token)
    {
        _server.IssueToken(it => it.Value = "acme_1");
        _serverOfB.IssueToken(it => it.Value = "test_1");
        await using TestApi api = await StartTwoAsync(order);

        await api.AssertStatusAsync("/both", token, HttpStatusCode.OK);

        bool isOfA = token == "acme_1";
        Assert.Equal(isOfA ? [token] : [], _server.Calls.Select(call => call.Token));
        Assert.Equal(isOfA ? [] : [token], _serverOfB.Calls.Select(call => call.Token));
    }

    [Theory]
    [InlineData("A,B")]
    [InlineData("B,A")]
    public async Task A_server_that_is_down_does_not_affect_tokens_of_other_servers(string order)
    {
        _server.Disconnect();
        _serverOfB.IssueToken(it => it.Value = "test_1");
        await using TestApi api = await StartTwoAsync(order);

        await api.AssertStatusAsync("/both", "test_1", HttpStatusCode.OK);
        // Not 503, because the token does not belong to A
        await api.AssertStatusAsync("/both", "test_unknown", HttpStatusCode.Unauthorized);
        await api.AssertStatusAsync("/both", "acme_1", HttpStatusCode.ServiceUnavailable);
    }

    [Theory]
    [InlineData("A,B")]
    [InlineData("B,A")]
    public async Task A_token_that_every_scheme_ignores_is_challenged_like_a_missing_one(string order)
    {
        await using TestApi api = await StartTwoAsync(order);

        using HttpResponseMessage response = await api.GetAsync("/both", "garbage");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal(0, _server.CallCount + _serverOfB.CallCount);
    }

    [Theory]
    [InlineData("A,B")]
    [InlineData("B,A")]
    public async Task A_token_that_the_filter_of_one_scheme_rejects_is_accepted_by_the_other(string order)
    {
        _serverOfB.IssueToken(it => it.Value = "test_1");
        await using TestApi api = await StartTwoAsync(order, TokenFilterMismatch.Reject);

        await api.AssertStatusAsync("/both", "test_1", HttpStatusCode.OK);
        Assert.Equal(0, _server.CallCount);
    }

    [Fact]
    public async Task A_changed_filter_applies_to_cached_tokens_at_once()
    {
        string token = IssueToken("acme_1");
        await using TestApi api = await TestApi.StartAsync(_server);
        await api.AssertStatusAsync("/read", token, HttpStatusCode.OK);
        OAuthIntrospectionTokenFilter filter = api
            .Services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>()
            .Get(OAuthIntrospectionDefaults.AuthenticationScheme)
            .TokenFilter;

        filter.Pattern = "test_.*";
        await api.AssertStatusAsync("/read", token, HttpStatusCode.Unauthorized);
        filter.Pattern = null;
        await api.AssertStatusAsync("/read", token, HttpStatusCode.OK);

        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task A_pattern_with_a_backreference_stops_the_host_with_a_message()
    {
        var exception = await Assert.ThrowsAnyAsync<ArgumentException>(() =>
            TestApi.StartAsync(_server, options => options.TokenFilter.Pattern = @"(a)\1")
        );

        Assert.StartsWith("Pattern cannot be matched without backtracking", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_of_maximum_length_does_not_make_a_pathological_pattern_slow()
    {
        await using TestApi api = await TestApi.StartAsync(_server, options => options.TokenFilter.Pattern = "(a+)+$");

        HttpContext context = await api.SendRawAsync("/me", "Bearer " + new string('a', 16_383) + "-")
            .WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

        Assert.Equal(Foreign, context.Response.Headers.WWWAuthenticate);
        Assert.Equal(0, _server.CallCount);
    }

    private string IssueToken(string value) => _server.IssueToken(token => (token.Value, token.Scopes) = (value, ["read"]));

    private Task<TestApi> StartAsync(Action<OAuthIntrospectionOptions>? configure = null) =>
        TestApi.StartAsync(
            _server,
            options =>
            {
                options.TokenFilter.Prefixes.Add("acme_");
                configure?.Invoke(options);
            }
        );

    private Task<TestApi> StartTwoAsync(string order, TokenFilterMismatch mismatch = TokenFilterMismatch.Ignore) =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(
                            "A",
                            options =>
                            {
                                options.TokenFilter.Prefixes.Add("acme_");
                                options.TokenFilter.Mismatch = mismatch;
                            }
                        )
                        .AddOAuthIntrospection(
                            "B",
                            options =>
                            {
                                options.TokenFilter.Pattern = "test_[a-z0-9]+";
                                options.TokenFilter.Mismatch = mismatch;
                            }
                        );
                    services.UseFakeAuthorizationServer(_server, "A").UseFakeAuthorizationServer(_serverOfB, "B");
                },
                Schemes = [],
                Endpoints = app =>
                    app.MapGet("/both", () => "both")
                        .RequireAuthorization(new AuthorizationPolicyBuilder(order.Split(',')).RequireAuthenticatedUser().Build()),
            }
        );
}

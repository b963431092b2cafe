using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Challenge;

/// <summary>Several schemes on one policy: A and B, each with its own server, and a scheme of another kind.</summary>
public sealed class SeveralSchemesTests
{
    private const string Token = "opaque-4711";
    private const string Active = """{"active":true,"scope":"read"}""";
    private const string Inactive = """{"active":false}""";
    private const string NotActive = "error=\"invalid_token\", error_description=\"The access token is not active.\"";

    [Theory]
    [InlineData("A,B")]
    [InlineData("B,A")]
    public async Task A_server_that_is_down_does_not_fail_a_token_that_the_other_scheme_accepts(string order)
    {
        using HttpResponseMessage response = await SendAsync(
            order,
            first => first.RespondWith(503),
            second => second.RespondWith(200, Active)
        );

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(response.RetryAfter());
    }

    [Theory]
    [InlineData("A,B")]
    [InlineData("B,A")]
    public async Task With_one_server_down_a_token_that_the_other_scheme_rejects_yields_503(string order)
    {
        using HttpResponseMessage response = await SendAsync(
            order,
            first => first.RespondWith(503, headers: [new("Retry-After", "30")]),
            second => second.RespondWith(200, Inactive)
        );

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("30", response.RetryAfter());
        Assert.Equal("", response.Challenges());
    }

    [Theory]
    [InlineData("A,B")]
    [InlineData("B,A")]
    public async Task With_both_servers_down_the_status_is_503(string order)
    {
        using HttpResponseMessage response = await SendAsync(order, first => first.RespondWith(500), second => second.Disconnect());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("5", response.RetryAfter());
        Assert.Equal("", response.Challenges());
    }

    [Theory]
    [InlineData("A,B")]
    [InlineData("B,A")]
    public async Task With_one_server_down_a_token_without_the_scope_yields_403_from_the_other(string order)
    {
        using HttpResponseMessage response = await SendAsync(
            order,
            first => first.RespondWith(503),
            second => second.RespondWith(200, """{"active":true,"scope":"other"}""")
        );

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Null(response.RetryAfter());
    }

    [Fact]
    public async Task Each_scheme_adds_its_challenge()
    {
        using HttpResponseMessage response = await SendAsync(
            "A,B",
            first => first.RespondWith(200, Inactive),
            second => second.RespondWith(200, Inactive),
            realms: true
        );

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal($"Bearer realm=\"A\", {NotActive}\nBearer realm=\"B\", {NotActive}", response.Challenges());
    }

    [Fact]
    public async Task The_same_challenge_is_not_written_twice()
    {
        using HttpResponseMessage response = await SendAsync(
            "A,B",
            first => first.RespondWith(200, Inactive),
            second => second.RespondWith(200, Inactive)
        );

        Assert.Equal($"Bearer {NotActive}", response.Challenges());
    }

    [Theory]
    [InlineData("A,ApiKey", "good", HttpStatusCode.OK, "")]
    [InlineData("ApiKey,A", "good", HttpStatusCode.OK, "")]
    [InlineData("A,ApiKey", "bad", HttpStatusCode.ServiceUnavailable, "")]
    [InlineData("ApiKey,A", "bad", HttpStatusCode.ServiceUnavailable, "")]
    [InlineData("A,ApiKey", null, HttpStatusCode.ServiceUnavailable, "")]
    [InlineData("ApiKey,A", null, HttpStatusCode.ServiceUnavailable, "")]
    public async Task An_unavailable_server_takes_precedence_over_a_challenge_of_another_scheme_but_not_over_its_acceptance(
        string order,
        string? key,
        HttpStatusCode status,
        string challenges
    )
    {
        using HttpResponseMessage response = await SendAsync(order, first => first.RespondWith(503), _ => { }, key);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(challenges, response.Challenges());
        Assert.Equal(status == HttpStatusCode.OK ? null : "5", response.RetryAfter());
    }

    [Theory]
    [InlineData("A,ApiKey", $"Bearer {NotActive}\nApiKey realm=\"keys\"")]
    [InlineData("ApiKey,A", $"ApiKey realm=\"keys\"\nBearer {NotActive}")]
    public async Task Another_scheme_keeps_its_challenge_next_to_ours(string order, string challenges)
    {
        using HttpResponseMessage response = await SendAsync(order, first => first.RespondWith(200, Inactive), _ => { }, key: "bad");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(challenges, response.Challenges());
    }

    [Theory]
    [InlineData("A,ApiKey", HttpStatusCode.OK)]
    [InlineData("ApiKey,A", HttpStatusCode.OK)]
    public async Task A_token_is_accepted_although_another_scheme_rejects_it(string order, HttpStatusCode status)
    {
        using HttpResponseMessage response = await SendAsync(order, first => first.RespondWith(200, Active), _ => { }, key: "bad");

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("A,ApiKey")]
    [InlineData("ApiKey,A")]
    public async Task The_body_matches_the_status_in_any_order_of_schemes(string order)
    {
        using HttpResponseMessage response = await SendAsync(order, first => first.RespondWith(503), _ => { }, key: "bad");

        Assert.Contains("\"status\":503", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        string order,
        Action<FakeAuthorizationServer> first,
        Action<FakeAuthorizationServer> second,
        string? key = null,
        bool realms = false
    )
    {
        await using var serverOfA = FakeAuthorizationServer.Create();
        await using var serverOfB = FakeAuthorizationServer.Create();
        first(serverOfA);
        second(serverOfB);
        await using TestApi api = await TestApi.StartAsync(
            serverOfA,
            new TestApiSetup
            {
                Services = services =>
                {
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection("A", options => options.Realm = realms ? "A" : null)
                        .AddOAuthIntrospection("B", options => options.Realm = realms ? "B" : null)
                        .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Name, configureOptions: null);
                    services.UseFakeAuthorizationServer(serverOfA, "A").UseFakeAuthorizationServer(serverOfB, "B");
                },
                Schemes = [],
                Endpoints = app =>
                    app.MapGet("/both", () => "both")
                        .RequireAuthorization(new AuthorizationPolicyBuilder(order.Split(',')).RequireScope("read").Build()),
            }
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, "/both");
        request.Headers.Authorization = new("Bearer", Token);
        if (key is not null)
            request.Headers.Add("X-Api-Key", key);

        return await api.Client.SendAsync(request);
    }
}

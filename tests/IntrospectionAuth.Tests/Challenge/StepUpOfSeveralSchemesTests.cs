using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Challenge;

/// <summary>
/// A step-up challenge under a policy with several schemes: A and B, each with its own server, and schemes of other kinds.
/// </summary>
public sealed class StepUpOfSeveralSchemesTests : IAsyncDisposable
{
    private const string Weak = """{"active":true,"acr":"bronze"}""";
    private const string Strong = """{"active":true,"acr":"gold"}""";
    private const string Inactive = """{"active":false}""";
    private const string StepUp =
        "error=\"insufficient_user_authentication\", error_description=\"The user must authenticate again or with another "
        + "method.\", acr_values=\"gold\"";

    private readonly FakeAuthorizationServer _a = FakeAuthorizationServer.Create();
    private readonly FakeAuthorizationServer _b = FakeAuthorizationServer.Create();

    public async ValueTask DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Theory]
    [InlineData("A,B")]
    [InlineData("B,A")]
    public async Task A_token_that_meets_step_up_under_one_scheme_is_accepted(string order)
    {
        _a.RespondWith(200, Weak);
        _b.RespondWith(200, Strong);

        using HttpResponseMessage response = await SendAsync(order);

        Assert.Equal((HttpStatusCode.OK, ""), (response.StatusCode, response.Challenges()));
    }

    [Theory]
    [InlineData("A,B", Inactive, 200)]
    [InlineData("B,A", Inactive, 200)]
    [InlineData("A,B", "", 503)]
    [InlineData("B,A", "", 503)]
    public async Task Only_the_scheme_that_accepts_the_token_writes_the_step_up_challenge(
        string order,
        string otherResponse,
        int otherStatus
    )
    {
        _a.RespondWith(200, Weak);
        _b.RespondWith(otherStatus, otherResponse);

        using HttpResponseMessage response = await SendAsync(order);

        Assert.Equal((HttpStatusCode.Unauthorized, $"Bearer realm=\"A\", {StepUp}"), (response.StatusCode, response.Challenges()));
        Assert.Contains("\"status\":401", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A,B")]
    [InlineData("B,A")]
    public async Task Each_scheme_that_accepts_the_token_writes_the_step_up_challenge(string order)
    {
        _a.RespondWith(200, Weak);
        _b.RespondWith(200, Weak);

        using HttpResponseMessage response = await SendAsync(order);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(
            [$"Bearer realm=\"A\", {StepUp}", $"Bearer realm=\"B\", {StepUp}"],
            response.Challenges().Split('\n').Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("A,ApiKey")]
    [InlineData("ApiKey,A")]
    [InlineData("A,Cookies")]
    [InlineData("Cookies,A")]
    public async Task Another_scheme_does_not_turn_a_step_up_challenge_into_403(string order)
    {
        _a.RespondWith(200, Weak);

        using HttpResponseMessage response = await SendAsync(order);

        Assert.Equal((HttpStatusCode.Unauthorized, $"Bearer realm=\"A\", {StepUp}"), (response.StatusCode, response.Challenges()));
        Assert.Null(response.Headers.Location);
    }

    [Theory]
    [InlineData("A,ApiKey")]
    [InlineData("ApiKey,A")]
    public async Task A_caller_authenticated_by_another_scheme_alone_is_forbidden(string order)
    {
        using HttpResponseMessage response = await SendAsync(order, key: "good", token: null);

        Assert.Equal((HttpStatusCode.Forbidden, ""), (response.StatusCode, response.Challenges()));
    }

    private async Task<HttpResponseMessage> SendAsync(string order, string? key = null, string? token = "opaque-4711")
    {
        string[] schemes = order.Split(',');
        await using TestApi api = await TestApi.StartAsync(
            _a,
            new TestApiSetup
            {
                Services = services =>
                {
                    services
                        .AddAuthentication("A")
                        .AddOAuthIntrospection("A", options => options.Realm = "A")
                        .AddOAuthIntrospection("B", options => options.Realm = "B")
                        .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Name, configureOptions: null)
                        .AddCookie("Cookies");
                    services.UseFakeAuthorizationServer(_a, "A").UseFakeAuthorizationServer(_b, "B");
                },
                Schemes = [],
                Endpoints = app =>
                    app.MapGet("/policy", () => "in")
                        .RequireAuthorization(new AuthorizationPolicyBuilder(schemes).RequireAcr("gold").Build()),
            }
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, "/policy");
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        if (key is not null)
            request.Headers.Add("X-Api-Key", key);

        return await api.Client.SendAsync(request);
    }
}

using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Authorization;

/// <summary>Applications that authorize every action by a filter of MVC: the requirements and the challenges are the same.</summary>
public sealed class AuthorizeFilterTests : IAsyncDisposable
{
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_fresh_token_meets_the_requirement_in_a_filter()
    {
        await using TestApi api = await StartAsync(policy => policy.RequireAuthenticatedUser());
        string token = _server.IssueToken("read");

        for (int request = 1; request <= 2; request++)
        {
            using HttpResponseMessage response = await api.GetAsync("/filtered/fresh", token);
            Assert.Equal(
                (HttpStatusCode.OK, "fresh", request),
                (response.StatusCode, await response.Content.ReadAsStringAsync(), _server.CallCount)
            );
        }
    }

    [Fact]
    public async Task The_challenge_names_the_scope_that_a_filter_requires()
    {
        await using TestApi api = await StartAsync(policy => policy.RequireScope("write"));

        using HttpResponseMessage response = await api.GetAsync("/filtered/plain", _server.IssueToken("read"));

        Assert.Equal(
            (
                HttpStatusCode.Forbidden,
                "Bearer error=\"insufficient_scope\", error_description=\"The access token lacks a required scope.\", scope=\"write\""
            ),
            (response.StatusCode, response.Challenges())
        );
    }

    [Fact]
    public async Task The_challenge_names_the_authentication_that_a_filter_requires()
    {
        await using TestApi api = await StartAsync(policy =>
            policy.RequireAcr("gold").RequireRecentAuthentication(TimeSpan.FromMinutes(1))
        );

        using HttpResponseMessage response = await api.GetAsync("/filtered/plain", _server.IssueToken("read"));

        Assert.Equal(
            (
                HttpStatusCode.Unauthorized,
                "Bearer error=\"insufficient_user_authentication\", error_description=\"The user must authenticate again or "
                    + "with another method.\", acr_values=\"gold\", max_age=\"60\""
            ),
            (response.StatusCode, response.Challenges())
        );
    }

    private Task<TestApi> StartAsync(Action<AuthorizationPolicyBuilder> filter) =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection();
                    var policy = new AuthorizationPolicyBuilder();
                    filter(policy);
                    services
                        .AddControllers(mvc => mvc.Filters.Add(new AuthorizeFilter(policy.Build())))
                        .AddApplicationPart(typeof(FilteredController).Assembly);
                },
                Endpoints = app => app.MapControllers(),
            }
        );
}

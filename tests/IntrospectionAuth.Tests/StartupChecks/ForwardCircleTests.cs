using System.Net;
using System.Text.Encodings.Web;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.StartupChecks;

/// <summary>A circle of forwards that is not known at startup fails the request. It does not end the process.</summary>
public sealed class ForwardCircleTests
{
    [Fact]
    public Task A_circle_through_delegates_fails_the_request() =>
        AssertFailsAsync(
            static services =>
                services
                    .AddAuthentication("a")
                    .AddOAuthIntrospection("a", static options => options.ForwardDefaultSelector = static _ => "b")
                    .AddOAuthIntrospection("b", static options => options.ForwardDefaultSelector = static _ => "a"),
            "a"
        );

    [Fact]
    public Task A_circle_through_the_handler_of_another_library_fails_the_request() =>
        AssertFailsAsync(
            static services =>
                services
                    .AddAuthentication("a")
                    .AddOAuthIntrospection("a", static options => options.ForwardDefault = "other")
                    .AddScheme<AuthenticationSchemeOptions, OtherHandler>(
                        "other",
                        displayName: null,
                        static options => options.ForwardDefault = "a"
                    ),
            "a"
        );

    [Fact]
    public Task A_circle_through_a_selector_fails_the_request() =>
        AssertFailsAsync(
            static services =>
                services
                    .AddAuthentication("selector")
                    .AddPolicyScheme("smart", displayName: null, static options => options.ForwardDefaultSelector = static _ => "selector")
                    .AddBearerSelector("selector", static options => options.ForwardPrefix("b_", "smart").DefaultScheme = "smart"),
            "selector"
        );

    [Theory]
    [InlineData("ForwardAuthenticate")]
    [InlineData("ForwardChallenge")]
    [InlineData("ForwardForbid")]
    public async Task A_circle_that_a_reload_makes_fails_the_request(string option)
    {
        bool isCircle = false;
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services =>
                    services
                        .AddAuthentication("a")
                        .AddOAuthIntrospection("a", options => Forward(options, isCircle ? option : "", "b"))
                        .AddOAuthIntrospection("b", options => Forward(options, isCircle ? option : "", "a")),
                Schemes = ["a", "b"],
            }
        );
        string token = server.IssueToken("read");
        await api.AssertStatusAsync("/read", token, HttpStatusCode.OK);

        isCircle = true;
        api.Services.GetRequiredService<IOptionsMonitorCache<OAuthIntrospectionOptions>>().Clear();

        string path = option == "ForwardForbid" ? "/write" : "/read";
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            api.GetAsync(path, option == "ForwardChallenge" ? null : token)
        );
        Assert.StartsWith("Schemes forward this request in a circle: scheme ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_forwards_one_after_the_other_are_no_circle()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = static services =>
                    services
                        .AddAuthentication("a")
                        .AddOAuthIntrospection("a", static options => options.ForwardDefaultSelector = static _ => "b")
                        .AddOAuthIntrospection("b"),
                Schemes = ["a", "b"],
                Endpoints = static app =>
                    app.Map(
                        "/many",
                        static async context =>
                        {
                            for (int i = 0; i < 100; i++)
                                Assert.True((await context.AuthenticateAsync("a")).Succeeded);
                        }
                    ),
            }
        );

        await api.AssertStatusAsync("/many", server.IssueToken(), HttpStatusCode.OK);
    }

    private static void Forward(OAuthIntrospectionOptions options, string option, string target)
    {
        _ = option switch
        {
            "ForwardAuthenticate" => options.ForwardAuthenticate = target,
            "ForwardChallenge" => options.ForwardChallenge = target,
            "ForwardForbid" => options.ForwardForbid = target,
            _ => null,
        };
    }

    private static async Task AssertFailsAsync(Action<IServiceCollection> services, string scheme)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server, new TestApiSetup { Services = services, Schemes = ["a", "b"] });

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => api.GetAsync("/me", server.IssueToken()));

        Assert.StartsWith($"Schemes forward this request in a circle: scheme {scheme} ", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Change ForwardDefaultSelector or another Forward… option", fault.Message, StringComparison.Ordinal);
    }

    private sealed class OtherHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());
    }
}

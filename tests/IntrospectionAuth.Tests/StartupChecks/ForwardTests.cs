using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.StartupChecks;

/// <summary>Schemes that forward requests to a scheme that is not registered, or in a circle, are reported at startup.</summary>
public sealed class ForwardTests
{
    private const string Own = OAuthIntrospectionDefaults.AuthenticationScheme;

    [Theory]
    [InlineData("ForwardDefault", "/me", false)]
    [InlineData("ForwardAuthenticate", "/me", false)]
    [InlineData("ForwardChallenge", "/me", false)]
    [InlineData("ForwardForbid", "/write", true)]
    public async Task A_forward_to_a_scheme_that_is_not_registered_is_reported(string option, string path, bool hasToken)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server, options => Forward(options, option, "Cookies"));

        Assert.Equal(
            $"Startup check UnregisteredScheme: The scheme \"Cookies\" is not registered, but it is named in {option} of scheme "
                + "OAuthIntrospection, so requests fail with 500. The registered schemes are: OAuthIntrospection. Name one of them, or "
                + "remove the setting.",
            Assert.Single(StartupLog.Warnings(api.Log))
        );
        await Assert.ThrowsAsync<InvalidOperationException>(() => api.GetAsync(path, hasToken ? server.IssueToken("read") : null));
    }

    [Fact]
    public async Task A_scheme_to_forward_to_may_be_registered_later_in_spite_of_the_warning()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            static services => services.AddAuthentication(Own).AddOAuthIntrospection(static options => options.ForwardChallenge = "later")
        );
        var schemes = api.Services.GetRequiredService<IAuthenticationSchemeProvider>();

        schemes.AddScheme(new AuthenticationScheme("later", displayName: null, (await schemes.GetSchemeAsync(Own))!.HandlerType));
        api.Services.GetRequiredService<IOptionsMonitorCache<OAuthIntrospectionOptions>>()
            .TryAdd("later", new OAuthIntrospectionOptions { Realm = "later" });

        Assert.Single(StartupLog.Warnings(api.Log));
        using HttpResponseMessage response = await api.GetAsync("/me", token: null);
        Assert.Equal("Bearer realm=\"later\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_policy_scheme_that_forwards_to_a_scheme_that_is_not_registered_is_reported()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            static services =>
                services
                    .AddAuthentication("smart")
                    .AddOAuthIntrospection()
                    .AddPolicyScheme("smart", displayName: null, static options => Forward(options, "ForwardDefault", "Bearer"))
        );

        Assert.StartsWith(
            "Startup check UnregisteredScheme: The scheme \"Bearer\" is not registered, but it is named in ForwardDefault of scheme "
                + "smart, ",
            Assert.Single(StartupLog.Warnings(api.Log)),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("DefaultChallengeScheme", "/me", false)]
    [InlineData("DefaultForbidScheme", "/write", true)]
    public async Task A_default_scheme_of_challenges_that_is_not_registered_is_reported(string option, string path, bool hasToken)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            services =>
                services
                    .AddAuthentication(options =>
                    {
                        options.DefaultScheme = Own;
                        if (option == "DefaultChallengeScheme")
                            options.DefaultChallengeScheme = "Cookies";
                        else
                            options.DefaultForbidScheme = "Cookies";
                    })
                    .AddOAuthIntrospection()
        );

        Assert.StartsWith(
            $"Startup check UnregisteredScheme: The scheme \"Cookies\" is not registered, but it is named in {option} of "
                + "AddAuthentication, ",
            Assert.Single(StartupLog.Warnings(api.Log)),
            StringComparison.Ordinal
        );
        await Assert.ThrowsAsync<InvalidOperationException>(() => api.GetAsync(path, hasToken ? server.IssueToken("read") : null));
    }

    [Theory]
    [InlineData("ForwardDefault", "ForwardAuthenticate, ForwardChallenge and ForwardForbid")]
    [InlineData("ForwardAuthenticate", "ForwardAuthenticate")]
    [InlineData("ForwardChallenge", "ForwardChallenge")]
    [InlineData("ForwardForbid", "ForwardForbid")]
    public async Task Schemes_that_forward_to_each_other_stop_the_start(string option, string operations)
    {
        string fault = await FailToStartAsync(services =>
            services
                .AddAuthentication("b")
                .AddOAuthIntrospection("a", options => Forward(options, option, "b"))
                .AddOAuthIntrospection("b", options => Forward(options, option, "a"))
        );

        Assert.Equal(
            $"Schemes forward requests in a circle: a, b, a (by {operations}, or ForwardDefault). A request to one of them would end the "
                + "process with a stack overflow. Change one of these settings, so that a scheme handles the requests itself.",
            fault
        );
    }

    [Fact]
    public async Task A_circle_through_a_policy_scheme_stops_the_start()
    {
        string fault = await FailToStartAsync(static services =>
            services
                .AddAuthentication("c")
                .AddOAuthIntrospection("a", static options => options.ForwardChallenge = "c")
                .AddOAuthIntrospection("b", static options => options.ForwardDefault = "a")
                .AddPolicyScheme("c", displayName: null, static options => options.ForwardDefault = "b")
        );

        Assert.Contains("in a circle: a, c, b, a (by ForwardChallenge, or", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_circle_through_a_selector_stops_the_start()
    {
        string fault = await FailToStartAsync(static services =>
            services
                .AddAuthentication("selector")
                .AddOAuthIntrospection("a")
                .AddOAuthIntrospection("b", static options => options.ForwardForbid = "selector")
                .AddBearerSelector("selector", static options => options.ForwardPrefix("b_", "b").DefaultScheme = "a")
        );

        Assert.Contains("in a circle: b, selector, b (by ForwardForbid, or", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forwards_that_end_are_not_reported()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            static services =>
                services
                    .AddAuthentication("smart")
                    .AddOAuthIntrospection(
                        "a",
                        static options => (options.ForwardDefault, options.ForwardChallenge) = ("a", "b") // "a" is the scheme itself
                    )
                    .AddOAuthIntrospection("b", static options => (options.ForwardAuthenticate, options.ForwardForbid) = ("a", "smart"))
                    .AddPolicyScheme(
                        "smart",
                        displayName: null,
                        static options => (options.ForwardDefaultSelector, options.ForwardDefault) = (static _ => "a", "b")
                    ),
            "a",
            "b"
        );

        Assert.Empty(StartupLog.Warnings(api.Log));
        await api.AssertStatusAsync("/me", server.IssueToken(), HttpStatusCode.OK);
        await api.AssertStatusAsync("/me", token: null, HttpStatusCode.Unauthorized);
    }

    private static void Forward(AuthenticationSchemeOptions options, string option, string scheme)
    {
        _ = option switch
        {
            "ForwardDefault" => options.ForwardDefault = scheme,
            "ForwardAuthenticate" => options.ForwardAuthenticate = scheme,
            "ForwardChallenge" => options.ForwardChallenge = scheme,
            _ => options.ForwardForbid = scheme,
        };
    }

    private static async Task<string> FailToStartAsync(Action<IServiceCollection> services)
    {
        await using var server = FakeAuthorizationServer.Create();

        return (await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(server, services, "a", "b"))).Message;
    }

    private static Task<TestApi> StartAsync(FakeAuthorizationServer server, Action<IServiceCollection> services, params string[] schemes) =>
        TestApi.StartAsync(server, new TestApiSetup { Services = services, Schemes = schemes.Length > 0 ? schemes : [Own] });
}

using System.Net;
using System.Security.Claims;
using IntrospectionAuth.Tests.Authorization;
using IntrospectionAuth.Tests.Resilience;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.FreshTokens;

/// <summary>State of one scheme or policy that must not affect another.</summary>
public sealed class SeparateStateTests : BadDayTest
{
    [Fact]
    public async Task A_fresh_token_of_one_scheme_does_not_cover_the_identity_of_another()
    {
        await using TestApi api = await TestApi.StartAsync(
            Server,
            new TestApiSetup
            {
                Services = services =>
                    services
                        .AddAuthentication(OAuthIntrospectionDefaults.AuthenticationScheme)
                        .AddOAuthIntrospection(_ => { })
                        .AddScheme<AuthenticationSchemeOptions, AcceptingHandler>("Key", null),
                Endpoints = app =>
                    app.MapGet("/key", (HttpContext context) => context.User.Identity!.AuthenticationType)
                        .RequireFreshToken(TimeSpan.Zero)
                        .RequireAuthorization(policy => policy.RequireAuthenticatedUser().AddAuthenticationSchemes("Key")),
                Time = Time,
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/key", Server.IssueToken("read"));

        Assert.Equal((HttpStatusCode.Forbidden, ""), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    /// <summary>A middleware of the application tries other schemes, for example to find out who calls, and changes no user.</summary>
    [Theory]
    [InlineData("A", HttpStatusCode.OK)]
    [InlineData("Key", HttpStatusCode.Forbidden)]
    public async Task Fresh_tokens_of_schemes_that_are_only_tried_neither_count_nor_hide_that_of_the_user(
        string defaultScheme,
        HttpStatusCode status
    )
    {
        await using TestApi api = await StartAsync(
            defaultScheme,
            static async (context, next) =>
            {
                await context.AuthenticateAsync("A");
                await context.AuthenticateAsync("B");
                await next(context);
            }
        );

        await api.AssertStatusAsync("/now", Server.IssueToken("read"), status);
    }

    [Fact]
    public async Task A_token_stays_fresh_when_a_middleware_adds_an_identity_to_the_user()
    {
        await using TestApi api = await StartAsync(
            "A",
            static (context, next) =>
            {
                var added = new ClaimsIdentity([new Claim("plan", "pro")], "Subscriptions");
                context.User = new ClaimsPrincipal([.. context.User.Identities, added]);
                return next(context);
            }
        );

        await api.AssertStatusAsync("/now", Server.IssueToken("read"), HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_policy_name_of_an_attribute_requires_freshness()
    {
        await using TestApi api = await StartAsync();
        IAuthorizeData attribute = new RequireFreshTokenAttribute(0);
        var user = new ClaimsPrincipal(new ClaimsIdentity("test"));

        AuthorizationPolicy? policy = await AuthorizationPolicy.CombineAsync(
            api.Services.GetRequiredService<IAuthorizationPolicyProvider>(),
            [attribute]
        );
        AuthorizationResult result = await api
            .Services.GetRequiredService<IAuthorizationService>()
            .AuthorizeAsync(user, resource: null, policy!);

        Assert.False(result.Succeeded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Options_of_authorization_that_differ_by_tenant_stay_apart(bool withUs)
    {
        string tenant = "a";
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddTransient<IOptions<AuthorizationOptions>>(_ =>
        {
            var options = new AuthorizationOptions();
            bool allows = tenant == "a";
            options.AddPolicy("p", policy => policy.RequireAssertion(_ => allows));
            return Options.Create(options);
        });
        services.AddAuthorization();
        if (withUs)
            services.AddAuthentication().AddOAuthIntrospection(_ => { });
        await using ServiceProvider provider = services.BuildServiceProvider();

        bool first = await AllowsAsync(provider);
        tenant = "b";
        bool second = await AllowsAsync(provider);

        Assert.Equal((true, false), (first, second));
    }

    /// <summary>Starts an API with a middleware between authentication and authorization.</summary>
    private Task<TestApi> StartAsync(string defaultScheme, Func<HttpContext, RequestDelegate, Task> middleware) =>
        TestApi.StartAsync(
            Server,
            new TestApiSetup
            {
                Services = services =>
                    services
                        .AddAuthentication(defaultScheme)
                        .AddOAuthIntrospection("A", _ => { })
                        .AddOAuthIntrospection("B", _ => { })
                        .AddScheme<AuthenticationSchemeOptions, AcceptingHandler>("Key", null),
                Schemes = ["A", "B"],
                Endpoints = app =>
                {
                    app.UseAuthentication();
                    app.Use(middleware);
                    app.UseAuthorization();
                    app.MapGet("/now", () => "now").RequireFreshToken(TimeSpan.Zero);
                },
                Time = Time,
            }
        );

    private static async Task<bool> AllowsAsync(ServiceProvider provider)
    {
        await using AsyncServiceScope scope = provider.CreateAsyncScope();
        return (
            await scope.ServiceProvider.GetRequiredService<IAuthorizationService>().AuthorizeAsync(new(), resource: null, "p")
        ).Succeeded;
    }
}

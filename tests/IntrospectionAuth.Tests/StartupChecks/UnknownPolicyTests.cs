using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Notifications;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.StartupChecks;

/// <summary>An endpoint that requires a policy which does not exist would respond 500 to every request.</summary>
public sealed class UnknownPolicyTests
{
    [Theory]
    [InlineData(
        "read",
        "The policy \"read\" does not exist, but it is required by GET /it. Register it with "
            + "AddAuthorizationBuilder().AddPolicy(\"read\", …). "
            + "If a scope is meant, write \"scope:read\" or RequireScope(\"read\")."
    )]
    [InlineData(
        "Scope:read",
        "The policy \"Scope:read\" does not exist, but it is required by GET /it. The prefix scope: is in lower case and comes first. "
            + "Write "
            + "\"scope:read\"."
    )]
    [InlineData(
        " scope:read",
        "The policy \" scope:read\" does not exist, but it is required by GET /it. The prefix scope: is in lower case and comes first. "
            + "Write "
            + "\"scope:read\"."
    )]
    [InlineData(
        "scope:  ",
        "The policy \"scope:  \" does not exist, but it is required by GET /it. Name the scope after the colon: \"scope:read\"."
    )]
    [InlineData(
        "a\nb",
        "The policy \"a?b\" does not exist, but it is required by GET /it. Register it with "
            + "AddAuthorizationBuilder().AddPolicy(\"a?b\", …). "
            + "If a scope is meant, write \"scope:a?b\" or RequireScope(\"a?b\")."
    )]
    public async Task It_stops_the_start_with_the_remedy(string policy, string message)
    {
        await using var server = FakeAuthorizationServer.Create();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            StartAsync(server, app => app.MapGet("/it", () => "").RequireAuthorization(policy))
        );

        Assert.Equal(message, exception.Message);
    }

    [Fact]
    public async Task Each_policy_is_reported_once_with_at_most_five_endpoints()
    {
        await using var server = FakeAuthorizationServer.Create();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            StartAsync(
                server,
                app =>
                {
                    for (int i = 1; i <= 7; i++)
                        app.MapGet("/" + i, () => "").RequireAuthorization("first");
                    app.MapPost("/8", [Authorize(Policy = "second")] [AllowAnonymous] () => "");
                }
            )
        );

        string[] lines = exception.Message.Split(Environment.NewLine);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith(
            "The policy \"first\" does not exist, but it is required by GET /1, GET /2, GET /3, GET /4, GET /5 and 2 more.",
            lines[0],
            StringComparison.Ordinal
        );
        Assert.StartsWith("The policy \"second\" does not exist, but it is required by POST /8.", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Controllers_and_hubs_are_examined()
    {
        await using var server = FakeAuthorizationServer.Create();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            TestApi.StartAsync(
                server,
                new TestApiSetup
                {
                    Services = services =>
                    {
                        services.AddAuthentication().AddOAuthIntrospection();
                        services.AddControllers();
                        services.AddSignalR();
                    },
                    Endpoints = app =>
                    {
                        app.MapControllers().RequireAuthorization("of controllers");
                        app.MapHub<OpenHub>("/hub").RequireAuthorization("of hubs");
                    },
                }
            )
        );

        Assert.Contains("The policy \"of controllers\" does not exist, but it is required by IntrospectionAuth.Tests.", exception.Message);
        Assert.Contains("The policy \"of hubs\" does not exist, but it is required by /hub/negotiate, /hub.", exception.Message);
    }

    [Fact]
    public async Task It_is_a_warning_while_a_provider_of_the_application_may_provide_it_later()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            app => app.MapGet("/it", () => "").RequireAuthorization("late"),
            services => services.AddSingleton<IAuthorizationPolicyProvider, ApplicationPolicyProvider>()
        );

        Assert.Equal(
            "Startup check UnknownPolicy: The policy \"late\" does not exist, but it is required by GET /it. Register it with "
                + "AddAuthorizationBuilder().AddPolicy(\"late\", …). If a scope is meant, write \"scope:late\" or RequireScope(\"late\").",
            Assert.Single(StartupLog.Warnings(api.Log))
        );
    }

    [Fact]
    public async Task It_is_a_warning_where_endpoints_are_authorized_by_something_else()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            app => app.MapGet("/it", () => "").RequireAuthorization("of the gateway"),
            services => services.Configure<RouteOptions>(options => options.SuppressCheckForUnhandledSecurityMetadata = true)
        );

        Assert.Single(StartupLog.Warnings(api.Log));
    }

    [Fact]
    public async Task A_provider_that_replaces_the_policies_of_scopes_is_named_as_the_cause()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            app => app.MapGet("/it", [RequireScope("read")] () => ""),
            after: services => services.AddSingleton<IAuthorizationPolicyProvider, ApplicationPolicyProvider>()
        );

        const string Remedy =
            "The application's own IAuthorizationPolicyProvider has replaced the one that provides it: register it before "
            + "AddOAuthIntrospection, which wraps it.";
        Assert.Equal(
            [
                $"Startup check UnknownPolicy: The policy \"scope:read\" does not exist, but it is required by GET /read. {Remedy}",
                $"Startup check UnknownPolicy: The policy \"scope:write\" does not exist, but it is required by GET /write. {Remedy}",
                $"Startup check UnknownPolicy: The policy of [RequireScope] does not exist, but it is required by GET /it. {Remedy}",
            ],
            StartupLog.Warnings(api.Log)
        );
    }

    [Fact]
    public async Task A_provider_that_throws_does_not_stop_the_start()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            app => app.MapGet("/it", () => "").RequireAuthorization("broken"),
            services => services.AddSingleton<IAuthorizationPolicyProvider, ApplicationPolicyProvider>()
        );

        await api.AssertStatusAsync(server.IssueToken("read"), HttpStatusCode.OK);
        Assert.Empty(StartupLog.Warnings(api.Log));
        Assert.Equal(1, api.Log.Count(nameof(Log.StartupChecksFailed)));
    }

    [Fact]
    public async Task A_policy_that_no_endpoint_shows_is_logged_once_when_it_is_first_required()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            app =>
                app.MapGet(
                    "/it",
                    async (HttpContext context, IAuthorizationService authorization) =>
                    {
                        try
                        {
                            await authorization.AuthorizeAsync(context.User, "Scope:read");
                        }
                        catch (InvalidOperationException)
                        {
                            context.Response.StatusCode = StatusCodes.Status409Conflict;
                        }
                    }
                )
        );
        Assert.Equal(0, api.Log.Count(nameof(Log.PolicyNotFound)));

        await api.AssertStatusAsync("/it", token: null, HttpStatusCode.Conflict);
        await api.AssertStatusAsync("/it", token: null, HttpStatusCode.Conflict);

        Assert.Equal(
            "The policy \"Scope:read\" does not exist. The prefix scope: is in lower case and comes first. Write \"scope:read\". "
                + "Logged once for each policy.",
            Assert.Single(StartupLog.Messages(api.Log, nameof(Log.PolicyNotFound), state: " Policy="))
        );
    }

    private static Task<TestApi> StartAsync(
        FakeAuthorizationServer server,
        Action<WebApplication> endpoints,
        Action<IServiceCollection>? before = null,
        Action<IServiceCollection>? after = null
    ) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services =>
                {
                    before?.Invoke(services);
                    services.AddAuthentication().AddOAuthIntrospection();
                    after?.Invoke(services);
                },
                Endpoints = endpoints,
            }
        );

    private sealed class ApplicationPolicyProvider(IOptions<AuthorizationOptions> options) : DefaultAuthorizationPolicyProvider(options)
    {
        public override Task<AuthorizationPolicy?> GetPolicyAsync(string policyName) =>
            policyName == "broken" ? throw new InvalidOperationException("The database is down.") : base.GetPolicyAsync(policyName);
    }
}

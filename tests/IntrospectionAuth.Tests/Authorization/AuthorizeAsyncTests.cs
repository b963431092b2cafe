using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Authorization;

/// <summary>Applications that call AuthorizeAsync without denying the request.</summary>
public sealed class AuthorizeAsyncTests : IAsyncDisposable
{
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();

    public static TheoryData<string> Demands => ["scope", "acr", "time"];

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Demands))]
    public async Task A_denial_for_another_reason_does_not_name_what_AuthorizeAsync_found_missing(string demand)
    {
        await using TestApi api = await StartAsync(demand);

        foreach (string path in new[] { "/forbid", "/forbid/scheme", "/probed/forbid", "/probe/action" })
        {
            using HttpResponseMessage response = await api.GetAsync(path, _server.IssueToken("read"));
            Assert.Equal((path, HttpStatusCode.Forbidden, ""), (path, response.StatusCode, response.Challenges()));
        }
    }

    [Theory]
    [MemberData(nameof(Demands))]
    public async Task A_challenge_by_the_application_does_not_name_what_AuthorizeAsync_found_missing(string demand)
    {
        await using TestApi api = await StartAsync(demand);

        using HttpResponseMessage response = await api.GetAsync("/challenge", _server.IssueToken("read"));

        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (response.StatusCode, response.Challenges()));
    }

    [Theory]
    [MemberData(nameof(Demands))]
    public async Task A_denial_names_what_its_own_policy_requires(string demand)
    {
        await using TestApi api = await StartAsync(demand);

        using HttpResponseMessage scope = await api.GetAsync("/probed/write", _server.IssueToken("read"));
        using HttpResponseMessage role = await api.GetAsync("/probed/role", _server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.Forbidden, scope.StatusCode);
        Assert.EndsWith(", scope=\"write\"", scope.Challenges(), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Forbidden, ""), (role.StatusCode, role.Challenges()));
    }

    [Theory]
    [MemberData(nameof(Demands))]
    public async Task A_denial_by_a_filter_names_what_the_filter_requires(string demand)
    {
        await using TestApi api = await StartAsync(
            demand,
            static services =>
                services.Configure<MvcOptions>(static mvc =>
                {
                    mvc.Filters.Add(new ProbingFilter());
                    mvc.Filters.Add(new AuthorizeFilter(new AuthorizationPolicyBuilder().RequireScope("admin").Build()));
                })
        );

        using HttpResponseMessage response = await api.GetAsync("/probe/action", _server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.EndsWith(", scope=\"admin\"", response.Challenges(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/own/write", HttpStatusCode.Forbidden, "error=\"insufficient_scope\"", "scope=\"write\"")]
    [InlineData("/own/gold", HttpStatusCode.Unauthorized, "error=\"insufficient_user_authentication\"", "acr_values=\"gold\"")]
    public async Task A_denial_that_the_application_writes_names_what_the_endpoint_requires(
        string path,
        HttpStatusCode status,
        string error,
        string parameter
    )
    {
        await using TestApi api = await StartAsync(
            "time",
            static services =>
                services.AddSingleton<IAuthorizationMiddlewareResultHandler>(
                    new DelegateResultHandler((context, result, _, inner) => result.Succeeded ? inner() : context.ForbidAsync())
                )
        );

        using HttpResponseMessage response = await api.GetAsync(path, _server.IssueToken("read"));

        Assert.Equal(status, response.StatusCode);
        Assert.Contains(error, response.Challenges(), StringComparison.Ordinal);
        Assert.EndsWith(parameter, response.Challenges(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_page_that_forbids_does_not_name_what_the_first_endpoint_required()
    {
        var scopes = new List<string?>();
        await using TestApi api = await StartAsync(
            "scope",
            configure: options =>
                options.Events.OnForbidden = context =>
                {
                    scopes.Add(context.Scope);
                    return Task.CompletedTask;
                },
            endpoints: static app =>
            {
                app.UseStatusCodePagesWithReExecute("/error/{0}").UseRouting().UseAuthentication().UseAuthorization();
                app.MapGet("/error/{status}", (int status) => status == 403 ? Results.Forbid() : Results.StatusCode(status));
            }
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, "/own/write");
        request.Headers.Authorization = new("Bearer", _server.IssueToken("read"));
        request.Headers.Accept.ParseAdd("text/html");

        using HttpResponseMessage response = await api.Client.SendAsync(request);

        Assert.Equal(["write", null], scopes);
    }

    [Fact]
    public async Task A_requirement_handler_that_calls_Fail_yields_403_without_a_challenge()
    {
        await using TestApi api = await StartAsync("scope", static services => services.AddSingleton<IAuthorizationHandler, Veto>());

        using HttpResponseMessage response = await api.GetAsync("/own/write", _server.IssueToken("read"));

        Assert.Equal((HttpStatusCode.Forbidden, ""), (response.StatusCode, response.Challenges()));
    }

    [Theory]
    [InlineData("type")]
    [InlineData("instance")]
    public async Task A_policy_evaluator_registered_before_is_kept(string registration)
    {
        var evaluated = new List<string>();
        await using TestApi api = await StartAsync(
            "scope",
            services =>
            {
                if (registration == "type")
                {
                    services.AddSingleton(evaluated).AddTransient<IPolicyEvaluator, OwnEvaluator>();
                }
                else
                {
                    services.AddTransient<IPolicyEvaluator>(it => new OwnEvaluator(
                        it.GetRequiredService<IAuthorizationService>(),
                        evaluated
                    ));
                }
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/own/write", _server.IssueToken("read"));

        Assert.EndsWith(", scope=\"write\"", response.Challenges(), StringComparison.Ordinal);
        Assert.Equal("/own/write", Assert.Single(evaluated));
    }

    private Task<TestApi> StartAsync(
        string demand,
        Action<IServiceCollection>? before = null,
        Action<WebApplication>? endpoints = null,
        Action<OAuthIntrospectionOptions>? configure = null
    ) =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                {
                    before?.Invoke(services);
                    services
                        .AddAuthentication(OAuthIntrospectionDefaults.AuthenticationScheme)
                        .AddOAuthIntrospection(options => configure?.Invoke(options))
                        .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Name, configureOptions: null);
                    services.AddAuthorizationBuilder().AddPolicy("probe", policy => Demand(policy, demand));
                    services.AddControllers().AddApplicationPart(typeof(ProbingController).Assembly);
                },
                Endpoints = app =>
                {
                    endpoints?.Invoke(app);
                    app.MapGet("/forbid", (HttpContext context, IAuthorizationService it) => ProbeAsync(context, it, Results.Forbid()));
                    app.MapGet(
                        "/forbid/scheme",
                        (HttpContext context, IAuthorizationService it) =>
                            ProbeAsync(
                                context,
                                it,
                                Results.Forbid(authenticationSchemes: [OAuthIntrospectionDefaults.AuthenticationScheme])
                            )
                    );
                    app.MapGet(
                        "/challenge",
                        (HttpContext context, IAuthorizationService it) => ProbeAsync(context, it, Results.Challenge())
                    );
                    app.MapGet("/own/write", () => "").RequireScope("write");
                    app.MapGet("/own/gold", () => "").RequireAcr("gold");

                    RouteGroupBuilder probed = app.MapGroup("/probed")
                        .AddEndpointFilter(
                            async (invocation, next) =>
                            {
                                var authorization = invocation.HttpContext.RequestServices.GetRequiredService<IAuthorizationService>();
                                await ProbeAsync(invocation.HttpContext, authorization, Results.Empty);
                                return await next(invocation);
                            }
                        );
                    probed.MapGet("/forbid", () => Results.Forbid()).RequireAuthorization("scope:read");
                    probed.MapGet("/write", () => "").RequireScope("write");
                    probed.MapGet("/role", () => "").RequireAuthorization(policy => policy.RequireRole("editor"));
                    app.MapControllers();
                },
            }
        );

    private static AuthorizationPolicyBuilder Demand(AuthorizationPolicyBuilder policy, string demand) =>
        demand switch
        {
            "scope" => policy.RequireScope("x"),
            "acr" => policy.RequireAcr("x"),
            _ => policy.RequireRecentAuthentication(TimeSpan.FromMinutes(1)),
        };

    private static async Task<IResult> ProbeAsync(HttpContext context, IAuthorizationService authorization, IResult result)
    {
        Assert.False((await authorization.AuthorizeAsync(context.User, context, "probe")).Succeeded);
        return result;
    }

    private sealed class ProbingFilter : IAsyncAuthorizationFilter
    {
        public async Task OnAuthorizationAsync(AuthorizationFilterContext context)
        {
            var authorization = context.HttpContext.RequestServices.GetRequiredService<IAuthorizationService>();
            Assert.False((await authorization.AuthorizeAsync(context.HttpContext.User, context, "probe")).Succeeded);
        }
    }

    private sealed class Veto : AuthorizationHandler<ScopeRequirement>
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
        {
            context.Fail();
            return Task.CompletedTask;
        }
    }

    private sealed class OwnEvaluator(IAuthorizationService authorization, List<string> evaluated) : PolicyEvaluator(authorization)
    {
        public override Task<PolicyAuthorizationResult> AuthorizeAsync(
            AuthorizationPolicy policy,
            AuthenticateResult authenticationResult,
            HttpContext context,
            object? resource
        )
        {
            evaluated.Add(context.Request.Path);
            return base.AuthorizeAsync(policy, authenticationResult, context, resource);
        }
    }
}

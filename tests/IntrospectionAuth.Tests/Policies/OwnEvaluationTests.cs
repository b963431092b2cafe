using System.Security.Claims;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Policies;

/// <summary>An application that evaluates a policy itself, as MVC's filters do, challenges or forbids by the result.</summary>
public sealed class OwnEvaluationTests : IAsyncDisposable
{
    private const string Ours = OAuthIntrospectionDefaults.AuthenticationScheme;
    private const string Both = ApiKeyHandler.Name + "," + Ours;
    private const string Inactive = """{"active":false}""";

    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(Both, null, 200, Inactive, "forbidden")]
    [InlineData(Both, "opaque-4711", 200, Inactive, "challenged")]
    [InlineData(Both, "opaque-4711", 500, "", "challenged")]
    [InlineData(Both, "opaque-4711", 200, """{"active":true,"scope":"read"}""", "forbidden")]
    // Without schemes in the policy, a challenge would be one of the default scheme, which may be a login page.
    [InlineData("", null, 200, Inactive, "forbidden")]
    [InlineData("", "opaque-4711", 200, Inactive, "forbidden")]
    [InlineData("", "opaque-4711", 500, "", "challenged")]
    public async Task A_token_that_was_not_accepted_is_challenged_although_a_key_was(
        string schemes,
        string? token,
        int status,
        string body,
        string expected
    )
    {
        _server.RespondWith(status, body);
        await using TestApi api = await StartAsync(schemes);

        foreach (string path in new[] { "/evaluate", "/started" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("X-Api-Key", "good");
            if (token is not null)
                request.Headers.Authorization = new("Bearer", token);
            using HttpResponseMessage response = await api.Client.SendAsync(request);

            Assert.Equal((path, expected), (path, await response.Content.ReadAsStringAsync()));
        }
    }

    [Fact]
    public async Task A_refusal_without_an_accepted_token_is_not_one_of_a_token()
    {
        await using TestApi api = await StartAsync(Both);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/evaluate");
        request.Headers.Add("X-Api-Key", "good");

        using HttpResponseMessage response = await api.Client.SendAsync(request);

        Assert.Equal("forbidden", await response.Content.ReadAsStringAsync());
        Assert.Equal(0, api.Log.Count(nameof(Log.RefusedByPolicy)));
    }

    [Theory]
    [InlineData("/provider")]
    [InlineData("/handler")]
    public async Task An_exception_of_the_application_stays_what_it_is(string path)
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = static services =>
                {
                    services.AddSingleton<IAuthorizationPolicyProvider, FailingProvider>();
                    services.AddAuthentication().AddOAuthIntrospection();
                },
                Endpoints = static app =>
                {
                    app.MapGet("/provider", () => "").RequireAuthorization(FailingProvider.Policy);
                    app.MapGet("/handler", () => "").RequireAuthorization(policy => policy.RequireAssertion(FailAsync));
                },
            }
        );

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => api.GetAsync(path, _server.IssueToken("read")));

        Assert.Equal("The database is down.", exception.Message);
    }

    private static Task<bool> FailAsync(AuthorizationHandlerContext context) =>
        Task.FromException<bool>(new InvalidOperationException("The database is down."));

    private Task<TestApi> StartAsync(string schemes) =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = static services =>
                    services
                        .AddAuthentication(Ours)
                        .AddOAuthIntrospection()
                        .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Name, configureOptions: null),
                Endpoints = app =>
                {
                    AuthorizationPolicy policy = new AuthorizationPolicyBuilder(schemes.Split(',', StringSplitOptions.RemoveEmptyEntries))
                        .RequireScope("admin")
                        .Build();
                    app.MapGet("/evaluate", context => EvaluateAsync(context, policy));
                    app.MapGet(
                        "/started",
                        async context =>
                        {
                            await context.Response.StartAsync();
                            await EvaluateAsync(context, policy);
                        }
                    );
                },
            }
        );

    /// <summary>Evaluates the policy for a user whom the key authenticated, and responds with the result.</summary>
    private static async Task EvaluateAsync(HttpContext context, AuthorizationPolicy policy)
    {
        context.User = (await context.AuthenticateAsync(ApiKeyHandler.Name)).Principal ?? new ClaimsPrincipal();
        var evaluator = context.RequestServices.GetRequiredService<IPolicyEvaluator>();
        AuthenticateResult user = await evaluator.AuthenticateAsync(policy, context);
        PolicyAuthorizationResult result = await evaluator.AuthorizeAsync(policy, user, context, context);
        await context.Response.WriteAsync(
            result.Challenged ? "challenged"
            : result.Forbidden ? "forbidden"
            : "allowed"
        );
    }

    private sealed class FailingProvider(IOptions<AuthorizationOptions> options) : DefaultAuthorizationPolicyProvider(options)
    {
        public const string Policy = "from the database";

        public override Task<AuthorizationPolicy?> GetPolicyAsync(string policyName) =>
            policyName == Policy
                ? Task.FromException<AuthorizationPolicy?>(new InvalidOperationException("The database is down."))
                : base.GetPolicyAsync(policyName);
    }
}

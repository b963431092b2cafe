using System.Net;
using System.Net.Http.Headers;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.StartupChecks;

/// <summary>Middleware in the wrong order is reported at the first request whose good token is rejected because of it.</summary>
public sealed class MiddlewareOrderTests
{
    private const string Message =
        "Scheme OAuthIntrospection accepts the token of a request to HTTP: GET /it, but the request was authorized before it was "
        + "authenticated, so it was rejected. Call app.UseAuthentication() before app.UseAuthorization(). Logged once.";

    [Fact]
    public async Task UseAuthorization_before_UseAuthentication_is_reported_once()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server, static app => app.UseAuthorization().UseAuthentication());

        await api.AssertStatusAsync("/it", token: null, HttpStatusCode.Unauthorized);
        await api.AssertStatusAsync("/it", "unknown-token", HttpStatusCode.Unauthorized);
        Assert.Empty(Messages(api.Log));
        await api.AssertStatusAsync("/it", server.IssueToken(), HttpStatusCode.Unauthorized);
        await api.AssertStatusAsync("/it", server.IssueToken(), HttpStatusCode.Unauthorized);

        Assert.Equal(Message, Assert.Single(Messages(api.Log)));
        Assert.Equal(0, api.Log.Count(nameof(Log.RefusedByPolicy)));
    }

    [Fact]
    public async Task A_missing_UseAuthentication_is_reported()
    {
        await using var server = FakeAuthorizationServer.Create();
        var log = new LogRecorder();
        using IHost host = await StartHostAsync(server, log, static app => app.UseRouting().UseAuthorization());
        using HttpClient client = host.GetTestClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.IssueToken());

        using HttpResponseMessage response = await client.GetAsync("/it");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(Message, Assert.Single(Messages(log)));
    }

    [Fact]
    public async Task A_middleware_of_the_application_that_authenticates_is_not_reported()
    {
        await using var server = FakeAuthorizationServer.Create();
        var log = new LogRecorder();
        using IHost host = await StartHostAsync(
            server,
            log,
            static app =>
                app.UseRouting()
                    .Use(
                        static async (context, next) =>
                        {
                            context.User = (await context.AuthenticateAsync()).Principal ?? context.User;
                            await next(context);
                        }
                    )
                    .UseAuthorization()
        );
        using HttpClient client = host.GetTestClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.IssueToken("read"));

        using HttpResponseMessage allowed = await client.GetAsync("/it");
        using HttpResponseMessage forbidden = await client.GetAsync("/admin");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (allowed.StatusCode, forbidden.StatusCode));
        Assert.Empty(Messages(log));
    }

    [Fact]
    public async Task The_right_order_is_not_reported()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server, static app => app.UseAuthentication().UseAuthorization());

        await api.AssertStatusAsync("/it", "unknown-token", HttpStatusCode.Unauthorized);
        await api.AssertStatusAsync("/write", server.IssueToken("read"), HttpStatusCode.Forbidden);

        Assert.Empty(Messages(api.Log));
    }

    private static IEnumerable<string> Messages(LogRecorder log) =>
        StartupLog.Messages(log, nameof(Log.AuthenticationTooLate), state: " Scheme=");

    /// <summary>Starts an application without the middleware that <see cref="WebApplication"/> adds by itself.</summary>
    private static Task<IHost> StartHostAsync(
        FakeAuthorizationServer server,
        LogRecorder log,
        Func<IApplicationBuilder, IApplicationBuilder> middleware
    ) =>
        new HostBuilder()
            .ConfigureLogging(logging => logging.AddProvider(log))
            .ConfigureWebHost(web =>
                web.UseTestServer()
                    .ConfigureServices(services =>
                    {
                        services.AddRouting().AddAuthorization().AddAuthentication().AddOAuthIntrospection();
                        services.UseFakeAuthorizationServer(server);
                    })
                    .Configure(app =>
                        middleware(app)
                            .UseEndpoints(static endpoints =>
                            {
                                endpoints.MapGet("/it", () => "").RequireAuthorization();
                                endpoints.MapGet("/admin", () => "").RequireScope("admin");
                            })
                    )
            )
            .StartAsync();

    private static Task<TestApi> StartAsync(FakeAuthorizationServer server, Action<IApplicationBuilder> middleware) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = static services => services.AddAuthentication().AddOAuthIntrospection(),
                Endpoints = app =>
                {
                    middleware(app);
                    app.MapGet("/it", () => "").RequireAuthorization();
                },
            }
        );
}

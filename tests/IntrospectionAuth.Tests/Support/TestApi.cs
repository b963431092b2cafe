using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using IntrospectionAuth.Calls;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.Support;

/// <summary>An API over a real pipeline, protected by the handler, that asks a <see cref="FakeAuthorizationServer"/>.</summary>
internal sealed class TestApi : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestApi(WebApplication app, FakeAuthorizationServer server, LogRecorder log)
    {
        _app = app;
        Server = server;
        Log = log;
        Client = app.GetTestClient();
    }

    public FakeAuthorizationServer Server { get; }

    public HttpClient Client { get; }

    public LogRecorder Log { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts an API with the endpoints /public, /me, /read and /write.</summary>
    public static Task<TestApi> StartAsync(
        FakeAuthorizationServer server,
        Action<OAuthIntrospectionOptions>? configure = null,
        TimeProvider? time = null
    ) =>
        StartAsync(
            server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(options => configure?.Invoke(options)),
                Time = time,
            }
        );

    public static async Task<TestApi> StartAsync(FakeAuthorizationServer server, TestApiSetup setup)
    {
        var log = new LogRecorder();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { EnvironmentName = setup.Environment }
        );
        builder.WebHost.UseTestServer();
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        if (setup.Time is not null)
            builder.Services.AddSingleton(setup.Time);
        setup.Configuration?.Invoke(builder.Configuration);

        builder.Services.AddRouting();
        builder.Services.AddAuthorization();
        setup.Services(builder.Services);
        foreach (string scheme in setup.Schemes)
            builder.Services.UseFakeAuthorizationServer(server, scheme);

        WebApplication app = builder.Build();
        app.MapGet("/public", context => context.Response.WriteAsync("public"));
        app.MapGet("/me", WriteClaimsAsync).RequireAuthorization();
        app.MapGet("/read", context => context.Response.WriteAsync("read")).RequireAuthorization("scope:read");
        app.MapGet("/write", context => context.Response.WriteAsync("write")).RequireAuthorization("scope:write");
        setup.Endpoints?.Invoke(app);

        await app.StartAsync();
        return new TestApi(app, server, log);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? token, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return Client.SendAsync(request, cancellationToken);
    }

    public Task AssertStatusAsync(string token, HttpStatusCode expected) => AssertStatusAsync("/read", token, expected);

    public async Task AssertStatusAsync(string path, string? token, HttpStatusCode expected)
    {
        using HttpResponseMessage response = await GetAsync(path, token);
        Assert.Equal(expected, response.StatusCode);
    }

    /// <summary>Authenticates a request with the token, outside of the pipeline.</summary>
    public async Task<AuthenticateResult> AuthenticateAsync(string token, string scheme = OAuthIntrospectionDefaults.AuthenticationScheme)
    {
        using IServiceScope scope = Services.CreateScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Headers.Authorization = "Bearer " + token;
        return await context.AuthenticateAsync(scheme);
    }

    /// <summary>Waits until the calls that are in flight now have ended, background refreshes included.</summary>
    public Task IdleAsync() => Services.GetRequiredService<CallRunner>().IdleAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        AssertNoSecretWasLogged();
    }

    private static Task WriteClaimsAsync(HttpContext context) =>
        context.Response.WriteAsync(string.Join('\n', context.User.Claims.Select(claim => $"{claim.Type}={claim.Value}")));

    /// <summary>After every test, no log line at any level contains a token, a secret or a response (X16).</summary>
    private void AssertNoSecretWasLogged()
    {
        IEnumerable<string> tokens = Server.Calls.Select(call => call.Token).OfType<string>().Where(token => token.Length >= 16);
        IEnumerable<string> credentials = Server
            .Calls.Select(call => call.Headers.Authorization.ToString())
            .Where(authorization => authorization.Length > 0)
            .Select(authorization => authorization[(authorization.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        var secrets = SearchValues.Create([Server.ClientSecret, "\"active\"", .. tokens, .. credentials], StringComparison.Ordinal);

        Assert.DoesNotContain(Log.Entries, entry => entry.Text.AsSpan().ContainsAny(secrets));
    }
}

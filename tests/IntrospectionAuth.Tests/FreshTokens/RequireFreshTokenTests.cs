using System.Net;
using System.Security.Claims;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Authorization;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.FreshTokens;

public sealed class RequireFreshTokenTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server;
    private readonly string _token;

    public RequireFreshTokenTests()
    {
        _server = FakeAuthorizationServer.Create(options => options.TimeProvider = _time);
        _token = _server.IssueToken("read");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_maximum_age_of_zero_introspects_on_every_request()
    {
        await using TestApi api = await StartAsync();

        for (int request = 1; request <= 3; request++)
            await AssertCallsAsync(api, "/pay", request);
    }

    [Fact]
    public async Task A_revoked_token_is_rejected_at_once_although_its_response_is_cached()
    {
        await using TestApi api = await StartAsync();
        await api.AssertStatusAsync("/read", _token, HttpStatusCode.OK);
        _server.Revoke(_token);

        await api.AssertStatusAsync("/read", _token, HttpStatusCode.OK);
        await api.AssertStatusAsync("/pay", _token, HttpStatusCode.Unauthorized);
        // The new response replaced the cache entry for all endpoints.
        await api.AssertStatusAsync("/read", _token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Endpoints_share_the_cache_entry_and_each_gets_its_required_freshness()
    {
        await using TestApi api = await StartAsync();
        await api.AssertStatusAsync("/read", _token, HttpStatusCode.OK);

        _time.Advance(TimeSpan.FromSeconds(29));
        await AssertCallsAsync(api, "/transfer", 1);

        _time.Advance(TimeSpan.FromSeconds(1));
        await AssertCallsAsync(api, "/read", 1);
        await AssertCallsAsync(api, "/transfer", 2);

        _time.Advance(TimeSpan.FromSeconds(29));
        await AssertCallsAsync(api, "/transfer", 2);
    }

    [Fact]
    public async Task While_the_server_is_unavailable_only_the_endpoint_that_requires_freshness_yields_503()
    {
        await using TestApi api = await StartAsync();
        await api.AssertStatusAsync("/read", _token, HttpStatusCode.OK);
        _server.RespondWith(500);

        await api.AssertStatusAsync("/pay", _token, HttpStatusCode.ServiceUnavailable);
        await api.AssertStatusAsync("/read", _token, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_request_that_requires_a_new_response_joins_no_earlier_call()
    {
        await using TestApi api = await StartAsync();
        using HeldResponses held = _server.HoldResponses();

        Task<HttpResponseMessage> reading = api.GetAsync("/read", _token);
        await held.WaitForCallsAsync(1);
        Task<HttpResponseMessage> paying = api.GetAsync("/pay", _token);
        await held.WaitForCallsAsync(2);
        held.Release();

        using HttpResponseMessage read = await reading,
            paid = await paying;
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (read.StatusCode, paid.StatusCode));
    }

    [Fact]
    public async Task An_in_flight_call_is_joined_only_if_it_is_young_enough()
    {
        await using TestApi api = await StartAsync(options => options.Timeout = TimeSpan.FromMinutes(5));
        using HeldResponses held = _server.HoldResponses();
        Task<HttpResponseMessage> reading = api.GetAsync("/read", _token);
        await held.WaitForCallsAsync(1);

        _time.Advance(TimeSpan.FromSeconds(31));
        Task<HttpResponseMessage> transferring = api.GetAsync("/transfer", _token); // joins a call that is 31 seconds old
        await api.Log.WaitForAsync(entry => entry.Text.Contains("/transfer", StringComparison.Ordinal));
        held.Release();

        using HttpResponseMessage read = await reading,
            transferred = await transferring;
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (read.StatusCode, transferred.StatusCode));
        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task The_lowest_of_several_maximum_ages_counts()
    {
        await using TestApi api = await StartAsync();

        await api.AssertStatusAsync("/strict/loose", _token, HttpStatusCode.OK);
        await AssertCallsAsync(api, "/strict/loose", 2);
    }

    [Fact]
    public async Task The_attribute_requires_the_same_as_the_method()
    {
        await using TestApi api = await StartAsync();

        await api.AssertStatusAsync("/attribute", _token, HttpStatusCode.OK);
        _time.Advance(TimeSpan.FromSeconds(9));
        await AssertCallsAsync(api, "/attribute", 1);

        _time.Advance(TimeSpan.FromSeconds(1));
        await AssertCallsAsync(api, "/attribute", 2);
    }

    [Fact]
    public async Task RequireFreshToken_alone_requires_an_authenticated_caller()
    {
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await api.GetAsync("/pay", token: null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_token_that_was_authenticated_before_routing_is_not_fresh(bool hasAnonymousIdentity)
    {
        var log = new LogRecorder();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().AddProvider(log).AddFilter("Microsoft.AspNetCore.Authorization", LogLevel.Information);
        builder.Services.AddSingleton<TimeProvider>(_time).AddAuthorization().AddAuthentication().AddOAuthIntrospection();
        builder.Services.UseFakeAuthorizationServer(_server);
        await using WebApplication app = builder.Build();
        app.UseAuthentication();
        if (hasAnonymousIdentity)
            app.Use(AddAnonymousIdentityAsync);
        app.UseRouting();
        app.UseAuthorization();
        Map(app);
        await app.StartAsync();
        using HttpClient client = app.GetTestClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", _token);

        using HttpResponseMessage response = await client.GetAsync("/pay");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Single(log.Entries, entry => entry.Event.Name == "FreshTokenNotVerified" && entry.Level == LogLevel.Warning);
        Assert.Contains("FreshTokenRequirement: 00:00:00", log.Text, StringComparison.Ordinal); // what the framework logs

        static Task AddAnonymousIdentityAsync(HttpContext context, RequestDelegate next)
        {
            context.User.AddIdentity(new ClaimsIdentity([new Claim("locale", "de")]));
            return next(context);
        }
    }

    [Fact]
    public async Task A_token_of_another_scheme_is_not_fresh()
    {
        await using TestApi api = await StartWithKeySchemeAsync();

        await api.AssertStatusAsync("/both", token: null, HttpStatusCode.Forbidden);
        await api.AssertStatusAsync("/both", "unknown", HttpStatusCode.Unauthorized);
        await api.AssertStatusAsync("/both", _token, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_that_an_event_rejected_is_not_fresh()
    {
        await using TestApi api = await StartWithKeySchemeAsync(options =>
            options.Events.OnTokenValidated = context =>
            {
                context.Fail("suspended");
                return Task.CompletedTask;
            }
        );

        await api.AssertStatusAsync("/both", _token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public void A_negative_maximum_age_throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RequireFreshTokenAttribute(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            WebApplication.CreateSlimBuilder().Build().MapGet("/", () => "").RequireFreshToken(TimeSpan.FromSeconds(-1))
        );
    }

    private async Task AssertCallsAsync(TestApi api, string path, int calls)
    {
        await api.AssertStatusAsync(path, _token, HttpStatusCode.OK);
        Assert.Equal(calls, _server.CallCount);
    }

    private Task<TestApi> StartAsync(Action<OAuthIntrospectionOptions>? configure = null) =>
        StartAsync(services => services.AddAuthentication().AddOAuthIntrospection(options => configure?.Invoke(options)), Map);

    /// <summary>The default scheme accepts every request; /both accepts either scheme.</summary>
    private Task<TestApi> StartWithKeySchemeAsync(Action<OAuthIntrospectionOptions>? configure = null) =>
        StartAsync(
            services =>
                services
                    .AddAuthentication("Key")
                    .AddOAuthIntrospection(options => configure?.Invoke(options))
                    .AddScheme<AuthenticationSchemeOptions, AcceptingHandler>("Key", null),
            app =>
                app.MapGet("/both", () => "paid")
                    .RequireFreshToken(TimeSpan.Zero)
                    .RequireAuthorization(policy =>
                        policy.RequireAuthenticatedUser().AddAuthenticationSchemes("Key", OAuthIntrospectionDefaults.AuthenticationScheme)
                    )
        );

    private Task<TestApi> StartAsync(Action<IServiceCollection> services, Action<WebApplication> endpoints) =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services,
                Endpoints = endpoints,
                Time = _time,
            }
        );

    private static void Map(WebApplication app)
    {
        app.MapGet("/pay", () => "paid").RequireFreshToken(TimeSpan.Zero);
        app.MapGet("/transfer", () => "transferred").RequireFreshToken(TimeSpan.FromSeconds(30));
        app.MapGroup("/strict").RequireFreshToken(TimeSpan.Zero).MapGet("/loose", () => "strict").RequireFreshToken(TimeSpan.FromHours(1));
        app.MapGet("/attribute", [RequireFreshToken(10)] () => "fresh");
    }
}

using System.Net;
using System.Net.Http.Headers;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Caching;

/// <summary>X1: no response crosses schemes, endpoints, clients or tenants, as it did in published advisories.</summary>
public sealed class IsolationTests : IAsyncDisposable
{
    private const string Token = "one-token-known-to-one-server-only";

    private readonly FakeAuthorizationServer _trusting = FakeAuthorizationServer.Create(options =>
        options.BaseAddress = new("https://one.example.com")
    );
    private readonly FakeAuthorizationServer _other = FakeAuthorizationServer.Create(options =>
        options.BaseAddress = new("https://two.example.com")
    );

    public IsolationTests() =>
        _trusting.IssueToken(it =>
        {
            it.Value = Token;
            it.Scopes = ["read"];
        });

    public async ValueTask DisposeAsync()
    {
        await _trusting.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task Schemes_share_no_cache_entry()
    {
        await using TestApi api = await StartTwoSchemesAsync();

        await AssertStatusAsync(api.GetAsync("/one", Token), HttpStatusCode.OK);
        await AssertStatusAsync(api.GetAsync("/two", Token), HttpStatusCode.Unauthorized);
        await AssertStatusAsync(api.GetAsync("/one", Token), HttpStatusCode.OK);
    }

    [Fact]
    public async Task Schemes_share_no_in_flight_call()
    {
        await using TestApi api = await StartTwoSchemesAsync();
        using HeldResponses one = _trusting.HoldResponses();
        using HeldResponses two = _other.HoldResponses();

        Task<HttpResponseMessage> first = api.GetAsync("/one", Token);
        await one.WaitForCallsAsync(1);
        Task<HttpResponseMessage> second = api.GetAsync("/two", Token);
        await two.WaitForCallsAsync(1);
        one.Release();
        two.Release();

        await AssertStatusAsync(first, HttpStatusCode.OK);
        await AssertStatusAsync(second, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Tenants_with_their_own_options_in_one_scheme_share_no_response()
    {
        // As in multi-tenant applications: the monitor returns the options of the request's tenant.
        var tenant = new AsyncLocal<string>();
        var monitor = new TenantOptionsMonitor(() =>
            new OAuthIntrospectionOptions
            {
                IntrospectionEndpoint = tenant.Value == "one" ? _trusting.IntrospectionEndpoint : _other.IntrospectionEndpoint,
                ClientId = "api",
                ClientSecret = _trusting.ClientSecret,
                TimeProvider = TimeProvider.System,
            }
        );
        await using TestApi api = await TestApi.StartAsync(
            _trusting,
            new TestApiSetup
            {
                Schemes = [],
                Services = services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection(options => options.UseAttio());
                    services.AddSingleton<IOptionsMonitor<OAuthIntrospectionOptions>>(monitor);
                    services
                        .AddHttpClient(OAuthIntrospectionDefaults.GetHttpClientName(OAuthIntrospectionDefaults.AuthenticationScheme))
                        .ConfigurePrimaryHttpMessageHandler(() => new ByHost(_trusting, _other));
                },
            }
        );

        tenant.Value = "one";
        Assert.True((await api.AuthenticateAsync(Token)).Succeeded);
        tenant.Value = "two";
        Assert.False((await api.AuthenticateAsync(Token)).Succeeded);
        tenant.Value = "one";
        Assert.True((await api.AuthenticateAsync(Token)).Succeeded);
    }

    [Fact]
    public async Task Two_hosts_in_one_process_share_nothing()
    {
        await using TestApi first = await TestApi.StartAsync(_trusting);
        await using TestApi second = await TestApi.StartAsync(_trusting);

        await AssertStatusAsync(first.GetAsync("/read", Token), HttpStatusCode.OK);
        await AssertStatusAsync(second.GetAsync("/read", Token), HttpStatusCode.OK);

        Assert.Equal(2, _trusting.CallCount);
    }

    [Fact]
    public async Task A_cached_response_is_validated_again_by_each_scheme_and_each_endpoint()
    {
        await using TestApi api = await TestApi.StartAsync(_trusting);

        await AssertStatusAsync(api.GetAsync("/read", Token), HttpStatusCode.OK);
        await AssertStatusAsync(api.GetAsync("/write", Token), HttpStatusCode.Forbidden);

        Assert.Equal(1, _trusting.CallCount);
    }

    [Fact]
    public async Task Identity_headers_sent_by_the_caller_change_nothing()
    {
        await using TestApi api = await TestApi.StartAsync(_trusting);
        var request = new HttpRequestMessage(HttpMethod.Get, "/me");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        foreach (string name in new[] { "X-User-Id", "X-Scope", "X-Roles", "X-Forwarded-User", "sub" })
            request.Headers.Add(name, "admin");

        using HttpResponseMessage response = await api.Client.SendAsync(request);

        Assert.DoesNotContain("admin", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private Task<TestApi> StartTwoSchemesAsync() =>
        TestApi.StartAsync(
            _trusting,
            new TestApiSetup
            {
                Schemes = [],
                Services = services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection("one", _ => { }).AddOAuthIntrospection("two", _ => { });
                    services.UseFakeAuthorizationServer(_trusting, "one").UseFakeAuthorizationServer(_other, "two");
                },
                Endpoints = app =>
                {
                    app.MapGet("/one", () => "one").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "one" });
                    app.MapGet("/two", () => "two").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "two" });
                },
            }
        );

    private static async Task AssertStatusAsync(Task<HttpResponseMessage> request, HttpStatusCode expected)
    {
        using HttpResponseMessage response = await request;
        Assert.Equal(expected, response.StatusCode);
    }

    private sealed class TenantOptionsMonitor(Func<OAuthIntrospectionOptions> create) : IOptionsMonitor<OAuthIntrospectionOptions>
    {
        public OAuthIntrospectionOptions CurrentValue => create();

        public OAuthIntrospectionOptions Get(string? name) => create();

        public IDisposable? OnChange(Action<OAuthIntrospectionOptions, string?> listener) => null;
    }

    private sealed class ByHost(FakeAuthorizationServer one, FakeAuthorizationServer two) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _one = new(one.CreateHandler());
        private readonly HttpMessageInvoker _two = new(two.CreateHandler());

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            (request.RequestUri!.Host == one.BaseAddress.Host ? _one : _two).SendAsync(request, cancellationToken);
    }
}

using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.DPoP;

/// <summary>Proofs over real sockets: concurrent, behind a proxy, under a path base.</summary>
public sealed class DPoPSocketTests : IAsyncDisposable
{
    private readonly DPoPClientKey _key = new();
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();

    public async ValueTask DisposeAsync()
    {
        _key.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Exactly_one_of_many_concurrent_requests_with_the_same_proof_is_accepted(bool isCached)
    {
        await using KestrelApi api = await StartAsync();
        string token = _server.IssueBoundToken(_key);
        string url = new Uri(api.Client.BaseAddress!, "/me").AbsoluteUri;
        if (isCached)
        {
            using HttpResponseMessage _ = await api.Client.PresentAsync("/me", token, _key.Prove("GET", url, token));
        }

        string proof = _key.Prove("GET", url, token);
        HttpResponseMessage[] responses = await Task.WhenAll(
            Enumerable.Range(0, 64).Select(_ => api.Client.PresentAsync("/me", token, proof))
        );

        Assert.Equal(1, responses.Count(response => response.StatusCode == HttpStatusCode.OK));
        Assert.All(
            responses.Where(response => response.StatusCode != HttpStatusCode.OK),
            response => Assert.StartsWith("DPoP error=\"invalid_dpop_proof\"", response.Challenges(), StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Two_DPoP_headers_are_rejected()
    {
        await using KestrelApi api = await StartAsync();
        string token = _server.IssueBoundToken(_key);
        string url = new Uri(api.Client.BaseAddress!, "/me").AbsoluteUri;

        using HttpResponseMessage response = await api.Client.PresentAsync(
            "/me",
            token,
            _key.Prove("GET", url, token),
            _key.Prove("GET", url, token)
        );

        Assert.StartsWith("DPoP error=\"invalid_dpop_proof\"", response.Challenges(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/me?a=b&c", "/me")]
    [InlineData("/%6De", "/me")]
    [InlineData("/x/../me", "/me")]
    [InlineData("/things/a%20b%2Fc/%C3%A9!", "/things/a%20b%2fc/%c3%a9%21")]
    public async Task The_URL_is_that_of_the_request_regardless_of_its_encoding(string path, string proved)
    {
        await using KestrelApi api = await StartAsync(app => app.MapGet("/things/{**rest}", () => "things").RequireAuthorization());
        string token = _server.IssueBoundToken(_key);

        using HttpResponseMessage response = await api.Client.PresentAsync(
            path,
            token,
            _key.Prove("GET", api.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + proved, token)
        );

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Behind_a_proxy_the_URL_is_the_one_that_the_client_requested()
    {
        await using KestrelApi api = await StartAsync(
            app =>
            {
                app.UseForwardedHeaders();
                app.UsePathBase("/api");
                app.UseRouting();
                app.UseAuthentication();
                app.UseAuthorization();
            },
            services =>
                services.Configure<ForwardedHeadersOptions>(options =>
                    options.ForwardedHeaders = ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost
                )
        );
        string token = _server.IssueBoundToken(_key);

        using HttpResponseMessage outer = await SendAsync(_key.Prove("GET", "https://API.example.com/api/me", token));
        using HttpResponseMessage inner = await SendAsync(
            _key.Prove("GET", new Uri(api.Client.BaseAddress!, "/api/me").AbsoluteUri, token)
        );
        using HttpResponseMessage withoutBase = await SendAsync(_key.Prove("GET", "https://api.example.com/me", token));

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized],
            [outer.StatusCode, inner.StatusCode, withoutBase.StatusCode]
        );

        async Task<HttpResponseMessage> SendAsync(string proof)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/me");
            request.Headers.TryAddWithoutValidation("Authorization", "DPoP " + token);
            request.Headers.TryAddWithoutValidation("DPoP", proof);
            request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", "https");
            request.Headers.TryAddWithoutValidation("X-Forwarded-Host", "api.example.com");
            return await api.Client.SendAsync(request);
        }
    }

    [Theory]
    [InlineData("api.example.com", true)]
    [InlineData("evil.example", false)]
    public async Task A_forwarded_host_applies_only_if_it_is_allowed(string host, bool isAccepted)
    {
        await using KestrelApi api = await StartAsync(
            app =>
            {
                app.UseForwardedHeaders();
                app.UseRouting();
                app.UseAuthentication();
                app.UseAuthorization();
            },
            services =>
                services.Configure<ForwardedHeadersOptions>(options =>
                {
                    options.ForwardedHeaders = ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
                    options.AllowedHosts = ["api.example.com"];
                })
        );
        string token = _server.IssueBoundToken(_key);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/me");
        request.Headers.TryAddWithoutValidation("Authorization", "DPoP " + token);
        request.Headers.TryAddWithoutValidation("DPoP", _key.Prove("GET", $"https://{host}/me", token));
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", "https");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", host);

        using HttpResponseMessage response = await api.Client.SendAsync(request);

        Assert.Equal(isAccepted ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private Task<KestrelApi> StartAsync(Action<WebApplication>? endpoints = null, Action<IServiceCollection>? services = null) =>
        KestrelApi.StartAsync(
            collection =>
            {
                collection.AddSingleton<TimeProvider>(new ManualTimeProvider());
                collection.AddAuthentication().AddOAuthIntrospection();
                collection.UseFakeAuthorizationServer(_server);
                services?.Invoke(collection);
            },
            endpoints
        );
}

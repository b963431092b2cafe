using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace IntrospectionAuth.Tests.DPoP;

/// <summary>Nonces for proofs (RFC 9449, sections 8 and 9).</summary>
public sealed class DPoPNonceTests : IAsyncDisposable
{
    private readonly DPoPClientKey _key = new();
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly ManualTimeProvider _time = new();
    private readonly EphemeralDataProtectionProvider _keys = new();

    public async ValueTask DisposeAsync()
    {
        _key.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_proof_without_a_nonce_gets_one_and_a_proof_with_it_is_accepted()
    {
        await using TestApi api = await StartAsync();
        string token = _server.IssueBoundToken(_key);

        using HttpResponseMessage told = await api.ProveAsync(_key, "/me", token);
        using HttpResponseMessage accepted = await api.ProveAsync(_key, "/me", token, nonce: told.Nonce());

        Assert.Equal(HttpStatusCode.Unauthorized, told.StatusCode);
        Assert.Equal(
            "DPoP error=\"use_dpop_nonce\", error_description=\"The DPoP proof needs the nonce that is sent with this "
                + "response.\", algs=\"ES256 PS256 PS384 PS512 RS256 RS384 RS512\"",
            told.Challenges()
        );
        Assert.True(told.Headers.CacheControl!.NoStore);
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.Null(accepted.Nonce());
        Assert.Null(accepted.Headers.CacheControl);
        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task A_nonce_is_renewed_with_a_response_before_it_expires_and_rejected_afterwards()
    {
        await using TestApi api = await StartAsync();
        string token = _server.IssueBoundToken(_key);
        using HttpResponseMessage told = await api.ProveAsync(_key, "/me", token);

        _time.Advance(TimeSpan.FromMinutes(2.5));
        using HttpResponseMessage young = await ProveAsync(told.Nonce());
        _time.Advance(TimeSpan.FromSeconds(1));
        using HttpResponseMessage renewed = await ProveAsync(told.Nonce());
        _time.Advance(TimeSpan.FromMinutes(2.5));
        using HttpResponseMessage old = await ProveAsync(told.Nonce());
        using HttpResponseMessage next = await ProveAsync(renewed.Nonce());

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.OK],
            [young.StatusCode, renewed.StatusCode, old.StatusCode, next.StatusCode]
        );
        Assert.Null(young.Nonce());
        Assert.NotNull(renewed.Nonce());
        Assert.True(renewed.Headers.CacheControl!.NoStore);
        Assert.Contains("use_dpop_nonce", old.Challenges(), StringComparison.Ordinal);
        Assert.NotNull(old.Nonce());

        Task<HttpResponseMessage> ProveAsync(string? nonce) => api.ProveAsync(_key, "/me", token, _time.GetUtcNow(), nonce);
    }

    [Fact]
    public async Task Only_instances_that_share_data_protection_keys_accept_each_others_nonces()
    {
        await using TestApi one = await StartAsync();
        await using TestApi same = await StartAsync();
        await using TestApi other = await StartAsync(new EphemeralDataProtectionProvider());
        string token = _server.IssueBoundToken(_key);
        using HttpResponseMessage told = await one.ProveAsync(_key, "/me", token);

        using HttpResponseMessage accepted = await same.ProveAsync(_key, "/me", token, nonce: told.Nonce());
        using HttpResponseMessage refused = await other.ProveAsync(_key, "/me", token, nonce: told.Nonce());

        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.Contains("use_dpop_nonce", refused.Challenges(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proof_that_fails_another_check_gets_no_nonce()
    {
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await api.Client.PresentAsync(
            "/me",
            "opaque-4711",
            _key.Prove("POST", "http://localhost/me", "opaque-4711")
        );

        Assert.Contains("invalid_dpop_proof", response.Challenges(), StringComparison.Ordinal);
        Assert.Null(response.Nonce());
    }

    [Fact]
    public async Task Without_data_protection_keys_the_response_is_503()
    {
        var unreadable = new IOException("The keys cannot be read.");
        var keys = new Mock<IDataProtector>();
        keys.Setup(protector => protector.CreateProtector(It.IsAny<string>())).Returns(keys.Object);
        keys.Setup(protector => protector.Protect(It.IsAny<byte[]>())).Throws(unreadable);
        keys.Setup(protector => protector.Unprotect(It.IsAny<byte[]>())).Throws(unreadable);
        await using TestApi api = await StartAsync(keys.Object);

        using HttpResponseMessage response = await api.ProveAsync(_key, "/me", "opaque-4711");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("5", response.RetryAfter());
    }

    private Task<TestApi> StartAsync(IDataProtectionProvider? keys = null) =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services.AddSingleton(keys ?? _keys);
                    services.AddAuthentication().AddOAuthIntrospection(options => options.DPoP.RequireNonce = true);
                },
                Time = _time,
            }
        );
}

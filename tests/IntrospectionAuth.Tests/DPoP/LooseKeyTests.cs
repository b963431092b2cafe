using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using IntrospectionAuth.Jose;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Responses;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.DPoP;

/// <summary>Proofs whose key has leading zeros, and tokens that are bound to the key with or without them.</summary>
public sealed class LooseKeyTests : IAsyncDisposable
{
    private const string Url = "http://localhost/me";

    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly ServerKey _key = ServerKey.Rsa(keyId: null);
    private readonly ManualTimeProvider _time = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(false, false, HttpStatusCode.OK)]
    [InlineData(false, true, HttpStatusCode.Unauthorized)] // bound to a spelling that the proof does not show
    [InlineData(true, false, HttpStatusCode.OK)]
    [InlineData(true, true, HttpStatusCode.OK)]
    public async Task A_key_with_leading_zeros_matches_its_thumbprint_with_and_without_them(
        bool isProofSpelled,
        bool isTokenSpelled,
        HttpStatusCode expected
    )
    {
        JsonObject spelled = _key.Jwk();
        spelled["n"] = Base64UrlText.Encode([0, .. Base64UrlText.Decode(spelled["n"]!.GetValue<string>())!]);
        spelled["d"] = null;
        spelled["oth"] = new JsonArray();
        string members = $$"""{"e":"{{spelled["e"]}}","kty":"RSA","n":"{{spelled["n"]}}"}""";
        string thumbprint = isTokenSpelled ? Base64UrlText.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(members))) : _key.Pair.Thumbprint;
        string token = _server.IssueToken(it =>
            it.Members["cnf"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["jkt"] = thumbprint }
        );
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await api.Client.PresentAsync(
            "/me",
            token,
            Prove(isProofSpelled ? spelled : _key.Jwk(), token)
        );

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task A_key_with_leading_zeros_does_not_match_a_token_that_is_bound_to_another_key()
    {
        JsonObject spelled = _key.Jwk();
        spelled["n"] = Base64UrlText.Encode([0, .. Base64UrlText.Decode(spelled["n"]!.GetValue<string>())!]);
        using var other = new DPoPClientKey();
        string token = _server.IssueBoundToken(other);
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await api.Client.PresentAsync("/me", token, Prove(spelled, token));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("does not prove possession of the key", response.Challenges(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proof_of_a_key_with_leading_zeros_cannot_be_replayed()
    {
        JsonObject spelled = _key.Jwk();
        spelled["n"] = Base64UrlText.Encode([0, .. Base64UrlText.Decode(spelled["n"]!.GetValue<string>())!]);
        string token = _server.IssueToken(it =>
            it.Members["cnf"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["jkt"] = _key.Pair.Thumbprint }
        );
        await using TestApi api = await StartAsync();

        using HttpResponseMessage first = await api.Client.PresentAsync("/me", token, Prove(spelled, token, "one"));
        using HttpResponseMessage again = await api.Client.PresentAsync("/me", token, Prove(_key.Jwk(), token, "one"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (first.StatusCode, again.StatusCode));
    }

    private string Prove(JsonObject jwk, string token, string id = "id")
    {
        var header = new JsonObject
        {
            ["typ"] = "dpop+jwt",
            ["alg"] = "RS256",
            ["jwk"] = jwk,
        };
        var claims = new JsonObject
        {
            ["jti"] = id,
            ["htm"] = "GET",
            ["htu"] = Url,
            ["iat"] = ManualTimeProvider.Start.ToUnixTimeSeconds(),
            ["ath"] = Base64UrlText.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token))),
        };
        string input = $"{Base64UrlText.Encode(header.ToJsonString())}.{Base64UrlText.Encode(claims.ToJsonString())}";
        return JwsBuilder.Complete(input, _key.Pair.Sign(JoseAlgorithm.RS256, Encoding.ASCII.GetBytes(input)));
    }

    private Task<TestApi> StartAsync() =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup { Services = services => services.AddAuthentication().AddOAuthIntrospection(), Time = _time }
        );
}

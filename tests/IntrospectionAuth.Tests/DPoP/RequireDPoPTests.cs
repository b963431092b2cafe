using System.Net;
using System.Text.Json;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.DPoP;

/// <summary>APIs that accept only bound tokens, APIs that offer DPoP, and the metadata of both.</summary>
public sealed class RequireDPoPTests : IAsyncDisposable
{
    private const string Algorithms = "algs=\"ES256 PS256 PS384 PS512 RS256 RS384 RS512\"";

    private readonly DPoPClientKey _key = new();
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();

    public async ValueTask DisposeAsync()
    {
        _key.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Only_bound_tokens_with_their_proof_are_accepted_and_bearer_tokens_cost_no_call()
    {
        await using TestApi api = await StartAsync(("RequireDPoP", "true"));
        string bearer = _server.IssueToken("read");
        string bound = _server.IssueBoundToken(_key, "read");

        using HttpResponseMessage asBearer = await api.GetAsync("/read", bearer);
        using HttpResponseMessage boundAsBearer = await api.GetAsync("/read", bound);
        int calls = _server.CallCount;
        using HttpResponseMessage unbound = await api.ProveAsync(_key, "/read", bearer);
        using HttpResponseMessage accepted = await api.ProveAsync(_key, "/read", bound);

        Assert.Equal(0, calls);
        Assert.Equal(
            $"DPoP error=\"invalid_token\", error_description=\"The access token must be presented with a DPoP proof.\", {Algorithms}",
            asBearer.Challenges()
        );
        Assert.Equal(asBearer.Challenges(), boundAsBearer.Challenges());
        Assert.Equal(
            [HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK],
            [asBearer.StatusCode, unbound.StatusCode, accepted.StatusCode]
        );
    }

    [Theory]
    [InlineData("RequireDPoP", "true", $"DPoP scope=\"read\", {Algorithms}")]
    [InlineData("DPoP:Offer", "true", $"Bearer scope=\"read\"\nDPoP scope=\"read\", {Algorithms}")]
    [InlineData("DPoP:Offer", "false", "Bearer scope=\"read\"")]
    public async Task The_challenge_without_a_token_names_the_accepted_schemes(string key, string value, string challenges)
    {
        await using TestApi api = await StartAsync((key, value));

        using HttpResponseMessage response = await api.GetAsync("/read", token: null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(challenges, response.Challenges());
    }

    [Fact]
    public async Task DPoP_is_offered_with_a_rejected_bearer_token_unless_it_would_not_help()
    {
        await using TestApi api = await StartAsync(("DPoP:Offer", "true"));
        string token = _server.IssueToken("read");

        using HttpResponseMessage refused = await api.GetAsync("/read", "unknown");
        using HttpResponseMessage malformed = await api.GetAsync("/read", "a b");
        using HttpResponseMessage forbidden = await api.GetAsync("/write", token);

        Assert.Equal(
            $"Bearer error=\"invalid_token\", error_description=\"The access token is not active.\"\nDPoP {Algorithms}",
            refused.Challenges()
        );
        Assert.DoesNotContain("DPoP", malformed.Challenges(), StringComparison.Ordinal);
        Assert.DoesNotContain("DPoP", forbidden.Challenges(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RequireDPoP", "true", true, "ES256 PS256 PS384 PS512 RS256 RS384 RS512")]
    [InlineData("DPoP:Offer", "true", false, "ES256 PS256 PS384 PS512 RS256 RS384 RS512")]
    [InlineData("DPoP:RequireNonce", "true", false, null)]
    public async Task The_metadata_contains_the_DPoP_algorithms(string key, string value, bool isRequired, string? algorithms)
    {
        await using TestApi api = await StartAsync((key, value), ("Resource", "https://api.example.com"));

        using JsonDocument metadata = JsonDocument.Parse(await api.Client.GetStringAsync("/.well-known/oauth-protected-resource"));

        Assert.Equal(
            isRequired,
            metadata.RootElement.TryGetProperty("dpop_bound_access_tokens_required", out JsonElement required) && required.GetBoolean()
        );
        Assert.Equal(
            algorithms,
            metadata.RootElement.TryGetProperty("dpop_signing_alg_values_supported", out JsonElement supported)
                ? string.Join(' ', supported.EnumerateArray().Select(name => name.GetString()))
                : null
        );
    }

    [Theory]
    [InlineData(
        "DPoP:Algorithms",
        "HS256",
        "DPoP.Algorithms has a value that is not an algorithm for proofs. Use ES256, ES384, ES512, PS256, PS384, PS512, RS256, RS384, RS512"
    )]
    [InlineData("DPoP:Algorithms:0", "none", "DPoP.Algorithms has a value that is not an algorithm for proofs")]
    [InlineData("DPoP:Algorithms", "", "DPoP:Algorithms is empty")]
    [InlineData("DPoP:Algorithms:0", "", "DPoP.Algorithms has a value that is not an algorithm for proofs")]
    [InlineData("DPoP:ProofLifetime", "0", "DPoP:ProofLifetime is not a time from 1 second to 10 minutes")]
    [InlineData("DPoP:ClockSkew", "301", "DPoP:ClockSkew is not a time from 0 to 5 minutes")]
    [InlineData("DPoP:NonceLifetime", "3601", "DPoP:NonceLifetime is not a time from 1 second to 1 hour")]
    [InlineData("DPoP:NonceAge", "5", "DPoP:NonceAge is not a setting")]
    [InlineData("DPoP", "true", "DPoP is a single value, but must contain settings")]
    [InlineData("TokenRetrieval:FormBody", "true", "RequireDPoP is on, but TokenRetrieval takes tokens from a form or query")]
    [InlineData("TokenRetrieval:QueryPaths", "/hubs", "RequireDPoP is on, but TokenRetrieval takes tokens from a form or query")]
    public async Task Invalid_DPoP_options_stop_the_application(string key, string value, string message)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(("RequireDPoP", "true"), (key, value)));

        Assert.Contains(message, Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    private Task<TestApi> StartAsync(params (string Key, string Value)[] settings) =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Configuration = configuration =>
                    configuration.AddInMemoryCollection(
                        settings.Select(setting =>
                            KeyValuePair.Create("Authentication:Schemes:OAuthIntrospection:" + setting.Key, (string?)setting.Value)
                        )
                    ),
                Services = services => services.AddAuthentication().AddOAuthIntrospection(),
                Time = new ManualTimeProvider(),
                Endpoints = app => app.MapProtectedResourceMetadata(),
            }
        );
}

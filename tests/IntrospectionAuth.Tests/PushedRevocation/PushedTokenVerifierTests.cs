using System.Text.Json.Nodes;
using IntrospectionAuth.PushedRevocation;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Responses;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.PushedRevocation;

/// <summary>The checks that logout tokens and security event tokens share, and the fetches of keys that they cause.</summary>
public sealed class PushedTokenVerifierTests
{
    public static TheoryData<string, string> Rejected =>
        new()
        {
            { "typ at+jwt", nameof(PushedTokenFault.InvalidToken) },
            { "typ missing", nameof(PushedTokenFault.InvalidToken) },
            { "typ JWT", nameof(PushedTokenFault.InvalidToken) },
            { "alg none", nameof(PushedTokenFault.InvalidToken) },
            { "alg HS256", nameof(PushedTokenFault.InvalidSignature) },
            { "crit", nameof(PushedTokenFault.InvalidToken) },
            { "another key", nameof(PushedTokenFault.InvalidSignature) },
            { "another key, unknown kid", nameof(PushedTokenFault.InvalidSignature) },
            { "modified claims", nameof(PushedTokenFault.InvalidSignature) },
            { "no signature", nameof(PushedTokenFault.InvalidToken) },
            { "iss missing", nameof(PushedTokenFault.InvalidIssuer) },
            { "iss of another", nameof(PushedTokenFault.InvalidIssuer) },
            { "iss in an array", nameof(PushedTokenFault.InvalidIssuer) },
            { "aud missing", nameof(PushedTokenFault.InvalidAudience) },
            { "aud of another", nameof(PushedTokenFault.InvalidAudience) },
            { "aud with a number", nameof(PushedTokenFault.InvalidAudience) },
            { "aud is an object", nameof(PushedTokenFault.InvalidAudience) },
            { "iat missing", nameof(PushedTokenFault.InvalidToken) },
            { "iat is text", nameof(PushedTokenFault.InvalidToken) },
            { "iat in the future", nameof(PushedTokenFault.InvalidToken) },
            { "iat too long ago", nameof(PushedTokenFault.InvalidToken) },
            { "nbf in the future", nameof(PushedTokenFault.InvalidToken) },
            { "exp missing", nameof(PushedTokenFault.InvalidToken) },
            { "exp is text", nameof(PushedTokenFault.InvalidToken) },
            { "exp has passed", nameof(PushedTokenFault.InvalidToken) },
            { "jti missing", nameof(PushedTokenFault.InvalidToken) },
            { "jti empty", nameof(PushedTokenFault.InvalidToken) },
            { "jti is a number", nameof(PushedTokenFault.InvalidToken) },
            { "wrong claim of the profile", nameof(PushedTokenFault.InvalidToken) },
            { "a member twice", nameof(PushedTokenFault.InvalidToken) },
            { "deep nesting", nameof(PushedTokenFault.InvalidToken) },
            { "lone surrogate", nameof(PushedTokenFault.InvalidToken) },
            { "claims are an array", nameof(PushedTokenFault.InvalidToken) },
            { "too long", nameof(PushedTokenFault.InvalidToken) },
            { "encrypted", nameof(PushedTokenFault.InvalidToken) },
            { "not a JWT", nameof(PushedTokenFault.InvalidToken) },
            { "empty", nameof(PushedTokenFault.InvalidToken) },
        };

    [Theory]
    [MemberData(nameof(Rejected))]
    public async Task A_token_that_is_not_as_expected_is_rejected(string what, string fault)
    {
        await using Setup setup = await Setup.StartAsync();
        SignedResponse token = setup.Create();

        PushedTokenResult result = await setup.VerifyAsync(Spoil(token, what));

        Assert.Equal(fault, result.Rejection?.Fault.ToString());
        Assert.True((await setup.VerifyAsync(setup.Create().ToString())).IsAccepted);
    }

    [Theory]
    [InlineData("test+jwt", false)]
    [InlineData("application/Test+JWT", false)]
    [InlineData(null, true)]
    [InlineData("JWT", true)]
    public async Task A_token_of_the_expected_type_is_accepted_with_its_claims(string? type, bool acceptsUntyped)
    {
        await using Setup setup = await Setup.StartAsync();
        SignedResponse token = setup.Create();
        token.Header.Remove("typ");
        if (type is not null)
            token.Header["typ"] = type;
        token.Claims["aud"] = new JsonArray("other", "api");

        PushedTokenResult result = await setup.VerifyAsync(token.ToString(), acceptsUntyped);

        Assert.Equal("id-1", result.Token?.Id);
        Assert.Equal("user-1", result.Token!.Claims.GetProperty("sub").GetString());
    }

    [Fact]
    public async Task A_token_is_accepted_once_even_when_it_is_sent_many_times_at_once()
    {
        await using Setup setup = await Setup.StartAsync();
        string text = setup.Create().ToString();

        PushedTokenResult[] results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => setup.VerifyAsync(text)));

        Assert.Single(results, result => result.IsAccepted);
        Assert.Equal(19, results.Count(result => result.Rejection?.Fault == PushedTokenFault.Replayed));
    }

    [Fact]
    public async Task Forged_tokens_cause_one_fetch_of_the_keys_a_minute_and_none_of_the_metadata()
    {
        await using Setup setup = await Setup.StartAsync();
        string forged = Spoil(setup.Create(), "another key, unknown kid");

        for (int i = 0; i < 100; i++)
            Assert.Equal(PushedTokenFault.InvalidSignature, (await setup.VerifyAsync(forged)).Rejection?.Fault);
        Assert.Equal((1, 1), (setup.KeyFetches, setup.MetadataFetches));

        setup.Time.Advance(TimeSpan.FromMinutes(1));
        for (int i = 0; i < 100; i++)
            await setup.VerifyAsync(forged);
        Assert.Equal((2, 1), (setup.KeyFetches, setup.MetadataFetches));
    }

    [Fact]
    public async Task A_new_key_is_found_a_minute_after_the_last_fetch()
    {
        await using Setup setup = await Setup.StartAsync();
        Assert.True((await setup.VerifyAsync(setup.Create().ToString())).IsAccepted);
        ServerKey next = ServerKey.Rsa("key-2");
        setup.Server.PublishKeys(next);

        setup.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.True((await setup.VerifyAsync(setup.Create(next).ToString())).IsAccepted);
    }

    [Theory]
    [InlineData(MetadataServer.OpenId)]
    [InlineData(SignedServer.Jwks)]
    public async Task Keys_that_cannot_be_obtained_are_a_fault_of_their_own_and_fetched_again_ten_seconds_later(string path)
    {
        await using Setup setup = await Setup.StartAsync();
        int fails = 1;
        setup.Server.Http.On(
            path,
            context =>
            {
                if (Volatile.Read(ref fails) == 1)
                {
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    return Task.CompletedTask;
                }

                return MetadataServer.WriteAsync(context, setup.Document(path));
            }
        );

        for (int i = 0; i < 100; i++)
            Assert.Equal(PushedTokenFault.KeysUnavailable, (await setup.VerifyAsync(setup.Create().ToString())).Rejection?.Fault);
        Assert.Equal(1, setup.Server.Http.Count("GET " + path));

        Volatile.Write(ref fails, 0);
        setup.Time.Advance(PushedTokenKeys.FailureInterval);
        Assert.True((await setup.VerifyAsync(setup.Create().ToString())).IsAccepted);
    }

    private static string Spoil(SignedResponse token, string what)
    {
        JsonObject header = token.Header,
            claims = token.Claims;
        long now = ManualTimeProvider.Start.ToUnixTimeSeconds();
        string[] words = what.Split(' ');
        switch (what)
        {
            case "typ at+jwt" or "typ JWT" or "alg none" or "alg HS256":
                header[words[0]] = words[1];
                break;
            case "typ missing":
                header.Remove("typ");
                break;
            case "crit":
                header["crit"] = new JsonArray("exp");
                break;
            case "another key" or "another key, unknown kid":
                token.Key = ServerKey.Ec(keyId: null).Pair;
                header["kid"] = what == "another key" ? "key-1" : "key-unknown";
                break;
            case "modified claims":
                string[] parts = token.ToString().Split('.');
                claims["sub"] = "user-2";
                return $"{parts[0]}.{token.ToString().Split('.')[1]}.{parts[2]}";
            case "no signature":
                return token.ToString()[..(token.ToString().LastIndexOf('.') + 1)];
            case "iss of another" or "aud of another":
                claims[words[0]] = "https://other.example.com";
                break;
            case "iss in an array":
                claims["iss"] = new JsonArray(claims["iss"]!.DeepClone());
                break;
            case "aud with a number":
                claims["aud"] = new JsonArray("api", 1);
                break;
            case "aud is an object":
                claims["aud"] = new JsonObject { ["api"] = "api" };
                break;
            case "iat is text" or "exp is text":
                claims[words[0]] = now.ToString(System.Globalization.CultureInfo.InvariantCulture);
                break;
            case "iat in the future" or "nbf in the future":
                claims[words[0]] = now + 3600;
                break;
            case "iat too long ago":
                claims["iat"] = now - 3600;
                break;
            case "exp has passed":
                claims["exp"] = now - 3600;
                break;
            case "jti empty":
                claims["jti"] = "";
                break;
            case "jti is a number":
                claims["jti"] = 1;
                break;
            case "wrong claim of the profile":
                claims["wrong"] = true;
                break;
            case "a member twice":
                token.Payload = claims.ToJsonString()[..^1] + ""","sub":"user-2"}""";
                break;
            case "deep nesting":
                token.Payload = claims.ToJsonString()[..^1] + $",\"x\":{new string('[', 20)}{new string(']', 20)}}}";
                break;
            case "lone surrogate":
                token.Payload = """{"iss":"\ud800"}""";
                break;
            case "claims are an array":
                token.Payload = "[]";
                break;
            case "too long":
                claims["x"] = new string('x', PushedTokenVerifier.MaximumLength);
                break;
            case "encrypted":
                return "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkExMjhHQ00ifQ.YQ.YQ.YQ.YQ";
            case "not a JWT":
                return "token";
            case "empty":
                return "";
            default:
                claims.Remove(words[0]);
                break;
        }

        return token.ToString();
    }

    private sealed class Setup : IAsyncDisposable
    {
        private readonly DiscoveryApi _api;

        private Setup(SignedServer server, DiscoveryApi api) => (Server, _api) = (server, api);

        public SignedServer Server { get; }

        public ManualTimeProvider Time => _api.Time;

        public int KeyFetches => Server.KeyFetches;

        public int MetadataFetches => Server.Http.Count("GET " + MetadataServer.OpenId);

        public static async Task<Setup> StartAsync()
        {
            SignedServer server = await SignedServer.StartAsync();
            return new(server, await DiscoveryApi.StartAsync(server.Url));
        }

        public string Document(string path) =>
            path == SignedServer.Jwks
                ? new JsonObject { ["keys"] = new JsonArray(Server.Key.Jwk()) }.ToJsonString()
                : $$"""{"issuer":"{{Server.Url}}","jwks_uri":"{{Server.Url + SignedServer.Jwks}}"}""";

        public SignedResponse Create(ServerKey? key = null)
        {
            SignedResponse token = Server.Create(key);
            long now = Time.GetUtcNow().ToUnixTimeSeconds();
            token.Header["typ"] = "test+jwt";
            token.Claims = new JsonObject
            {
                ["iss"] = Server.Url,
                ["aud"] = "api",
                ["iat"] = now,
                ["exp"] = now + 120,
                ["jti"] = key is null ? "id-1" : "id-2",
                ["sub"] = "user-1",
            };
            return token;
        }

        public Task<PushedTokenResult> VerifyAsync(string text, bool acceptsUntyped = false)
        {
            OAuthIntrospectionOptions options = _api
                .Services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>()
                .Get(OAuthIntrospectionDefaults.AuthenticationScheme);
            return _api
                .Services.GetRequiredService<PushedTokenVerifier>()
                .VerifyAsync(
                    new IntrospectionScheme(OAuthIntrospectionDefaults.AuthenticationScheme, options),
                    text,
                    new PushedTokenExpectations
                    {
                        Type = "test+jwt",
                        AcceptsUntyped = acceptsUntyped,
                        Issuer = Server.Url,
                        Audiences = ["api"],
                        RequiresExpiry = true,
                        MaximumAge = TimeSpan.FromMinutes(10),
                        FindFault = claims => claims.TryGetProperty("wrong", out _) ? "It is wrong." : null,
                    },
                    TestContext.Current.CancellationToken
                );
        }

        public async ValueTask DisposeAsync()
        {
            await _api.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}

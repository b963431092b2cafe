using System.Text.Json.Nodes;
using IntrospectionAuth.Jose;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Claims;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Jose;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Responses;

/// <summary>Signed responses (RFC 9701): which are accepted, and which are not.</summary>
public sealed class SignedResponseTests
{
    private static readonly long s_now = ManualTimeProvider.Start.ToUnixTimeSeconds();

    public static TheoryData<string, string> Algorithms =>
        new()
        {
            { "RS256", "rsa" },
            { "RS384", "rsa" },
            { "RS512", "rsa" },
            { "PS256", "rsa" },
            { "PS384", "rsa" },
            { "PS512", "rsa" },
            { "ES256", "P-256" },
            { "ES384", "P-384" },
            { "ES512", "P-521" },
        };

    /// <summary>Each leaves one check to fail, and no other.</summary>
    public static TheoryData<string, string> Wrong =>
        new()
        {
            { "typ absent", "its typ is not token-introspection+jwt" },
            { "typ JWT", "its typ is not token-introspection+jwt" },
            { "typ at+jwt", "its typ is not token-introspection+jwt" },
            { "alg none", "not a JWT that is signed" },
            { "alg none, with a signature", "not a JWT that is signed" },
            { "no signature", "not a JWT that is signed" },
            { "HS256 by the public key", "not a JWT that is signed" },
            { "signed by another key", "none of the server's keys verifies its signature" },
            { "signed by the key in its jwk", "none of the server's keys verifies its signature" },
            { "changed after it was signed", "none of the server's keys verifies its signature" },
            { "signed by an algorithm of another name", "none of the server's keys verifies its signature" },
            { "crit", "not a JWT that is signed" },
            { "iss absent", "its iss is not Authority" },
            { "iss another", "its iss is not Authority" },
            { "iss with a slash", "its iss is not Authority" },
            { "iss no text", "its iss is not Authority" },
            { "iss twice", "its claims have a member twice" },
            { "aud absent", "its aud is not SignedResponseAudience" },
            { "aud another", "its aud is not SignedResponseAudience" },
            { "aud others", "its aud is not SignedResponseAudience" },
            { "aud no text", "its aud is neither" },
            { "aud with a number", "its aud is neither" },
            { "iat absent", "it has no iat" },
            { "iat no number", "its iat is not a date" },
            { "iat null", "its iat is not a date" },
            { "iat stale", "its iat is more than a minute before the request" },
            { "iat in the future", "more than a minute in the future" },
            { "nbf in the future", "more than a minute in the future" },
            { "nbf no number", "its nbf is not a date" },
            { "exp past", "its exp has passed" },
            { "exp no number", "its exp is not a date" },
            { "no token_introspection", "it has no token_introspection" },
            { "token_introspection a text", "it has no token_introspection" },
            { "token_introspection null", "it has no token_introspection" },
            { "token_introspection twice", "its claims have a member twice" },
            { "active beside it", "it has no token_introspection" },
            { "active absent", "it has no member 'active'" },
            { "active a text", "its member 'active' is not a boolean" },
            { "active twice", "it has a member twice" },
            { "claims no object", "its claims are not a JSON object" },
            { "claims no JSON", "its claims are not JSON" },
            { "nested too deeply", "its claims are not JSON, nested too deeply" },
            { "claims not UTF-8", "its claims are not UTF-8" },
            { "something behind the claims", "its claims are not JSON" },
        };

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task A_response_that_is_signed_by_a_key_of_the_server_is_accepted(string algorithm, string kind)
    {
        ServerKey key = kind == "rsa" ? ServerKey.Rsa(algorithm: JoseAlgorithm.Find(algorithm)) : ServerKey.Ec(curve: kind);
        await using SignedServer server = await SignedServer.StartAsync();
        server.PublishKeys(key);
        server.RespondSigned(key: key);
        await using DiscoveryApi api = await server.StartApiAsync();

        Assert.Equal(200, await api.GetAsync("token"));
        Assert.Equal(200, await api.GetAsync("token"));
        Assert.Equal((1, 1), (server.Introspections, server.KeyFetches));
    }

    [Fact]
    public async Task InactiveStatusCodes_apply_to_an_empty_400_even_if_signed_responses_are_required()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        await using DiscoveryApi api = await server.StartApiAsync(options => options.InactiveStatusCodes.Add(400));
        await using DiscoveryApi strict = await server.StartApiAsync();
        Assert.Equal(200, await api.GetAsync("token"));
        Assert.Equal(200, await strict.GetAsync("token"));

        server.Http.On(
            "/introspect",
            context =>
            {
                context.Response.StatusCode = 400; // as glewlwyd says "inactive" in this mode
                return Task.CompletedTask;
            }
        );

        Assert.Equal(401, await api.GetAsync("unknown"));
        Assert.Equal(503, await strict.GetAsync("unknown"));
    }

    [Fact]
    public async Task No_other_status_is_active_regardless_of_the_body()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        await using DiscoveryApi api = await server.StartApiAsync(options => options.InactiveStatusCodes.Add(400));
        Assert.Equal(200, await api.GetAsync("token"));
        string signed = server.Create().ToString();

        server.Http.On(
            "/introspect",
            context =>
            {
                context.Response.StatusCode = 400;
                return MetadataServer.WriteAsync(context, signed, SignedServer.MediaType);
            }
        );

        Assert.Equal(401, await api.GetAsync("unknown"));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData(" \t\r\n\n")]
    public async Task White_space_around_a_signed_response_is_ignored(string space)
    {
        using var rsa = System.Security.Cryptography.RSA.Create(2048);
        await using SignedServer server = await SignedServer.StartAsync();
        await using DiscoveryApi api = await server.StartApiAsync(options =>
            options.DecryptionKey = ClientDecryptionKey.FromPem(rsa.ExportPkcs8PrivateKeyPem())
        );
        string signed = server.Create().ToString();
        string[] texts =
        [
            signed + space,
            space + signed,
            space + signed + space,
            "\uFEFF" + signed,
            "\uFEFF" + space + signed + space,
            JweBuilder.Encrypt(signed, rsa) + space,
            JweBuilder.Encrypt(signed + space, rsa),
            JweBuilder.Encrypt(space + signed, rsa),
        ];

        foreach (string text in texts)
        {
            server.RespondWith(text);
            Assert.Equal(200, await api.GetAsync($"token-{server.Introspections}"));
        }

        Assert.Equal(texts.Length, server.Introspections);
    }

    [Theory]
    [InlineData(0, " ")]
    [InlineData(0, "\n")]
    [InlineData(1, " ")]
    [InlineData(1, "\r\n")]
    [InlineData(1, "\uFEFF")]
    [InlineData(2, "\0")]
    [InlineData(2, "\u00A0")]
    [InlineData(2, "=")]
    public async Task Any_other_character_in_or_around_a_signed_response_is_rejected(int place, string text)
    {
        await using SignedServer server = await SignedServer.StartAsync();
        string[] parts = server.Create().ToString().Split('.');
        parts[place] += text;
        server.RespondWith(string.Join('.', parts));
        await using DiscoveryApi api = await server.StartApiAsync();

        Assert.Equal(503, await api.GetAsync("token"));
    }

    [Theory]
    [InlineData("ES384", "P-384")]
    [InlineData("ES512", "P-521")]
    [InlineData("RS256", "rsa")]
    public async Task Only_listed_algorithms_are_accepted_if_any_are_listed(string algorithm, string kind)
    {
        ServerKey key = kind == "rsa" ? ServerKey.Rsa("other", JoseAlgorithm.Find(algorithm)) : ServerKey.Ec("other", kind);
        await using SignedServer server = await SignedServer.StartAsync();
        server.PublishKeys(server.Key, key);
        server.RespondSigned(key: key);
        await using DiscoveryApi api = await server.StartApiAsync(options => options.SignedResponseAlgorithms.Add("ES256"));

        Assert.Equal(503, await api.GetAsync("token"));
        Assert.Contains("it is signed by an algorithm that SignedResponseAlgorithms does not name", api.Log, StringComparison.Ordinal);
        Assert.Equal(0, server.KeyFetches);

        server.RespondSigned();
        Assert.Equal(200, await api.GetAsync("token"));
    }

    [Theory]
    [InlineData("alg")]
    [InlineData("typ")]
    [InlineData("iss")]
    [InlineData("aud")]
    [InlineData("iat")]
    [InlineData("token_introspection")]
    public async Task An_unusable_response_causes_no_fetch_of_keys_and_no_verification(string wrong)
    {
        await using SignedServer server = await SignedServer.StartAsync();
        server.RespondSigned(
            signed =>
            {
                if (wrong == "alg")
                    signed.Header["alg"] = "HS256";
                else if (wrong == "typ")
                    signed.Header["typ"] = "JWT";
                else
                    signed.Claims[wrong] = "wrong";
            },
            ServerKey.Ec("unknown")
        );
        await using DiscoveryApi api = await server.StartApiAsync();

        Assert.Equal(503, await api.GetAsync("token"));

        Assert.Equal((1, 0), (server.Introspections, server.KeyFetches));
    }

    [Fact]
    public async Task The_log_names_skipped_keys_with_reasons_when_no_key_matches()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        JsonObject withoutUse = ServerKey.Rsa("weak").Jwk(("n", "AQAB"));
        JsonObject secret = new() { ["kty"] = "oct", ["k"] = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA" };
        server.PublishJwks(server.Key.Jwk(("use", "enc")), ServerKey.Ec("other").Jwk(), withoutUse, secret);
        await using DiscoveryApi api = await server.StartApiAsync();

        Assert.Equal(503, await api.GetAsync("token"));

        Assert.Contains(
            "none of the server's keys verifies its signature (passed over: key 1 has a use other than sig, key 3 has an n of "
                + "other than 2048 to 8192 bits, or an e of more than 32, key 4 is a shared secret, or has a private member)",
            api.Log,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("c2VjcmV0", api.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_with_null_members_verify()
    {
        string[] names = ["alg", "d", "dp", "dq", "k", "p", "q", "qi", "use", "x5t", "x5t#S256", "x5u"];
        ServerKey key = ServerKey.Rsa();
        await using SignedServer server = await SignedServer.StartAsync();
        JsonObject jwk = key.Jwk([
            .. names.Select(name => (name, (JsonNode?)null)),
            ("key_ops", new JsonArray()),
            ("oth", new JsonArray()),
            ("x5c", new JsonArray()),
        ]);
        jwk["n"] = Base64UrlText.Encode([0, .. Base64UrlText.Decode(jwk["n"]!.GetValue<string>())!]);
        server.PublishJwks(jwk);
        server.RespondSigned(key: key);
        await using DiscoveryApi api = await server.StartApiAsync();

        Assert.Equal(200, await api.GetAsync("token"));
    }

    [Fact]
    public async Task Only_a_signed_response_is_requested()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        string? accept = null;
        string signed = server.Create().ToString();
        server.Http.On(
            "/introspect",
            context =>
            {
                accept = context.Request.Headers.Accept;
                return MetadataServer.WriteAsync(context, signed, SignedServer.MediaType);
            }
        );
        await using DiscoveryApi api = await server.StartApiAsync();

        Assert.Equal(200, await api.GetAsync("token"));
        Assert.Equal("application/token-introspection+jwt", accept);
    }

    [Fact]
    public async Task A_signed_response_can_say_that_a_token_is_inactive()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        server.RespondSigned(signed => signed.Claims["token_introspection"] = new JsonObject { ["active"] = false });
        await using DiscoveryApi api = await server.StartApiAsync();

        Assert.Equal(401, await api.GetAsync("token"));
    }

    [Theory]
    [InlineData("typ with its tree")]
    [InlineData("typ in capitals")]
    [InlineData("charset")]
    [InlineData("aud a list")]
    [InlineData("aud twice in a list")]
    [InlineData("nested deeply")]
    [InlineData("iat a minute ago")]
    [InlineData("iat in a minute")]
    [InlineData("exp and nbf")]
    [InlineData("more claims")]
    [InlineData("another audience that is configured")]
    public async Task A_harmless_difference_is_accepted(string difference)
    {
        await using SignedServer server = await SignedServer.StartAsync();
        SignedResponse signed = server.Create();
        switch (difference)
        {
            case "typ with its tree":
                signed.Header["typ"] = "application/token-introspection+jwt";
                break;
            case "typ in capitals":
                signed.Header["typ"] = "Token-Introspection+JWT";
                break;
            case "aud a list":
                signed.Claims["aud"] = new JsonArray("other", "api", "third");
                break;
            case "aud twice in a list":
                signed.Claims["aud"] = new JsonArray("api", "api");
                break;
            case "nested deeply":
                signed.Payload = signed.Claims.ToJsonString()[..^1] + ",\"x\":" + new string('[', 32) + new string(']', 32) + "}";
                break;
            case "iat a minute ago":
                signed.Claims["iat"] = s_now - 60;
                break;
            case "iat in a minute":
                signed.Claims["iat"] = s_now + 60;
                break;
            case "exp and nbf":
                (signed.Claims["exp"], signed.Claims["nbf"]) = (s_now + 1, s_now);
                break;
            case "more claims":
                signed.Claims["more"] = new JsonObject { ["active"] = false, ["iss"] = "x" };
                break;
            case "another audience that is configured":
                signed.Claims["aud"] = "https://api.example.com";
                break;
        }

        server.RespondWith(
            signed.ToString(),
            difference == "charset" ? SignedServer.MediaType + "; charset=utf-8" : SignedServer.MediaType
        );
        await using DiscoveryApi api = await server.StartApiAsync(options =>
            options.SignedResponseAudience = difference.StartsWith("another audience", StringComparison.Ordinal)
                ? "https://api.example.com"
                : null
        );

        Assert.Equal(200, await api.GetAsync("token"));
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_response_that_fails_one_check_is_unusable_and_not_cached(string what, string fault)
    {
        await using SignedServer server = await SignedServer.StartAsync();
        server.RespondWith(Spoil(server, what));
        await using DiscoveryApi api = await server.StartApiAsync();

        Assert.Equal(503, await api.GetAsync("token"));
        server.RespondSigned();
        Assert.Equal(200, await api.GetAsync("token"));

        Assert.Equal(2, server.Introspections);
        Assert.Contains(fault, api.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", api.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"active":true,"scope":"read"}""", "application/json")]
    [InlineData("""{"active":true,"scope":"read"}""", SignedServer.MediaType)]
    [InlineData("""{"active":false}""", "application/json")]
    [InlineData("", SignedServer.MediaType)]
    [InlineData("signed", "application/json")]
    [InlineData("signed", "application/jwt")]
    [InlineData("signed", "")]
    public async Task Plain_JSON_or_another_content_type_is_unusable_where_a_signed_response_is_required(string body, string contentType)
    {
        await using SignedServer server = await SignedServer.StartAsync();
        server.RespondWith(body == "signed" ? server.Create().ToString() : body, contentType);
        await using DiscoveryApi api = await server.StartApiAsync();

        Assert.Equal(503, await api.GetAsync("token"));
        Assert.Equal(503, await api.GetAsync("token"));
        server.RespondSigned();
        Assert.Equal(200, await api.GetAsync("token"));

        Assert.Equal(3, server.Introspections);
        Assert.Equal(
            contentType != SignedServer.MediaType,
            api.Log.Contains(
                "a signed response is required, and its content type is not application/token-introspection+jwt",
                StringComparison.Ordinal
            )
        );
    }

    [Fact]
    public async Task A_content_type_may_have_an_empty_parameter()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        server.RespondWith(server.Create().ToString(), SignedServer.MediaType + ";");
        await using DiscoveryApi api = await server.StartApiAsync();

        Assert.Equal(200, await api.GetAsync("token"));
    }

    [Fact]
    public async Task After_a_signature_that_no_key_verifies_the_metadata_is_fetched_again()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        await using DiscoveryApi api = await server.StartApiAsync();
        Assert.Equal(200, await api.GetAsync("one"));
        server.RespondSigned(key: ServerKey.Ec("key-2"));

        api.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(503, await api.GetAsync("two"));
        Assert.Equal(503, await api.GetAsync("three"));

        await server.Http.WaitForAsync($"GET {MetadataServer.OpenId}", count: 2);
    }

    [Fact]
    public async Task A_signed_response_that_was_not_requested_is_unusable_and_the_log_names_the_option()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        await using DiscoveryApi api = await server.StartApiAsync(options => options.RequireSignedResponse = false);

        Assert.Equal(503, await api.GetAsync("token"));

        Assert.Contains("set RequireSignedResponse", api.Log, StringComparison.Ordinal);
        Assert.Equal(0, server.KeyFetches);
    }

    [Fact]
    public async Task The_age_of_a_response_counts_from_the_request_and_ClockSkew_is_added()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        await using DiscoveryApi api = await server.StartApiAsync(options => options.ClockSkew = TimeSpan.FromSeconds(30));
        server.RespondSigned(signed => signed.Claims["iat"] = s_now - 90);
        Assert.Equal(200, await api.GetAsync("one"));
        server.RespondSigned(signed => signed.Claims["iat"] = s_now - 91);
        Assert.Equal(503, await api.GetAsync("two"));

        server.RespondSigned(signed => signed.Claims["iat"] = s_now + 90);
        Assert.Equal(200, await api.GetAsync("three"));
        server.RespondSigned(signed => signed.Claims["iat"] = s_now + 91);
        Assert.Equal(503, await api.GetAsync("four"));

        server.RespondSigned(signed => signed.Claims["nbf"] = s_now + 90);
        Assert.Equal(200, await api.GetAsync("five"));
        server.RespondSigned(signed => signed.Claims["nbf"] = s_now + 91);
        Assert.Equal(503, await api.GetAsync("six"));

        server.RespondSigned(signed => signed.Claims["exp"] = s_now - 29);
        Assert.Equal(200, await api.GetAsync("seven"));
        server.RespondSigned(signed => signed.Claims["exp"] = s_now - 30);
        Assert.Equal(503, await api.GetAsync("eight"));
    }

    [Fact]
    public async Task The_response_inside_is_validated_like_a_plain_one()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        await using DiscoveryApi api = await server.StartApiAsync(options => options.Audiences.Add("https://api.example.com"));

        server.RespondSigned(signed => signed.Claims["token_introspection"]!["aud"] = "https://other.example.com");
        Assert.Equal(401, await api.GetAsync("one"));
        server.RespondSigned(signed => signed.Claims["token_introspection"]!["aud"] = "https://api.example.com");
        Assert.Equal(200, await api.GetAsync("two"));
        server.RespondSigned(signed =>
            (signed.Claims["token_introspection"]!["aud"], signed.Claims["token_introspection"]!["exp"]) = (
                "https://api.example.com",
                s_now
            )
        );
        Assert.Equal(401, await api.GetAsync("three"));
    }

    [Fact]
    public async Task Dates_inside_a_signed_response_are_read_as_in_plain_JSON()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        await using DiscoveryApi api = await server.StartApiAsync();

        server.RespondSigned(signed => signed.Claims["token_introspection"]!["exp"] = $"{s_now + 60}");
        Assert.Equal(200, await api.GetAsync("one"));
        server.RespondSigned(signed => signed.Claims["token_introspection"]!["exp"] = $"{s_now}");
        Assert.Equal(401, await api.GetAsync("two"));
        server.RespondSigned(signed => signed.Claims["token_introspection"]!["exp"] = "never");
        Assert.Equal(503, await api.GetAsync("three"));
        server.RespondSigned(signed =>
            (signed.Claims["token_introspection"]!["exp"], signed.Claims["token_introspection"]!["expires_in"]) = (null, 0)
        );
        Assert.Equal(401, await api.GetAsync("four"));
        server.RespondSigned(signed =>
            (signed.Claims["token_introspection"]!["exp"], signed.Claims["token_introspection"]!["expires_in"]) = (null, "60")
        );
        Assert.Equal(200, await api.GetAsync("five"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_response_that_is_presented_as_a_token_is_rejected_without_a_call(bool isSignedRequired)
    {
        await using SignedServer server = await SignedServer.StartAsync();
        await using DiscoveryApi api = await server.StartApiAsync(options => options.RequireSignedResponse = isSignedRequired);
        SignedResponse withTree = server.Create(),
            inCapitals = server.Create(),
            withChain = server.Create(),
            other = server.Create();
        withTree.Header["typ"] = "application/token-introspection+jwt";
        inCapitals.Header["typ"] = "TOKEN-INTROSPECTION+JWT";
        withChain.Header["x5c"] = new JsonArray(new string('A', 3_000), new string('B', 3_000), new string('C', 3_000));
        other.Header["typ"] = "at+jwt";

        foreach (string signed in new[] { server.Create().ToString(), withTree.ToString(), inCapitals.ToString(), withChain.ToString() })
        {
            using HttpResponseMessage response = await api.SendAsync(signed);
            Assert.Equal(401, (int)response.StatusCode);
            Assert.Contains("error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(0, server.Introspections);
        await api.GetAsync(other.ToString());
        Assert.Equal(1, server.Introspections);
    }

    private static string Spoil(SignedServer server, string what)
    {
        SignedResponse signed = server.Create();
        JsonObject claims = signed.Claims;
        switch (what)
        {
            case "typ absent":
                signed.Header.Remove("typ");
                break;
            case "typ JWT":
                signed.Header["typ"] = "JWT";
                break;
            case "typ at+jwt":
                signed.Header["typ"] = "at+jwt";
                break;
            case "alg none":
                (signed.Header["alg"], signed.Signature) = ("none", "");
                break;
            case "alg none, with a signature":
                signed.Header["alg"] = "none";
                break;
            case "no signature":
                signed.Signature = "";
                break;
            case "HS256 by the public key":
                signed.Header["alg"] = "HS256";
                signed.Key = SymmetricJoseKey.Create(System.Text.Encoding.UTF8.GetBytes(server.Key.Jwk().ToJsonString()))!;
                break;
            case "signed by another key":
                signed.Key = ServerKey.Ec().Pair;
                break;
            case "signed by the key in its jwk":
                ServerKey brought = ServerKey.Ec();
                signed.Key = brought.Pair;
                signed.Header["jwk"] = brought.Jwk();
                signed.Header["jku"] = server.Url + "/brought";
                break;
            case "changed after it was signed":
                string[] parts = signed.ToString().Split('.');
                claims["token_introspection"]!["sub"] = "admin";
                return $"{parts[0]}.{Base64UrlText.Encode(claims.ToJsonString())}.{parts[2]}";
            case "signed by an algorithm of another name":
                signed.Header["alg"] = "RS256";
                break;
            case "crit":
                (signed.Header["crit"], signed.Header["x"]) = (new JsonArray("x"), 1);
                break;
            case "iss absent":
                claims.Remove("iss");
                break;
            case "iss another":
                claims["iss"] = "https://evil.example.com";
                break;
            case "iss with a slash":
                claims["iss"] = server.Url + "/";
                break;
            case "iss no text":
                claims["iss"] = new JsonArray(server.Url);
                break;
            case "iss twice":
                signed.Payload = claims.ToJsonString().Replace("""{"iss":""", """{"iss":"x","iss":""", StringComparison.Ordinal);
                break;
            case "aud absent":
                claims.Remove("aud");
                break;
            case "aud another":
                claims["aud"] = "another-api";
                break;
            case "aud others":
                claims["aud"] = new JsonArray("another-api", "API");
                break;
            case "aud no text":
                claims["aud"] = true;
                break;
            case "aud with a number":
                claims["aud"] = new JsonArray("api", 1);
                break;
            case "iat absent":
                claims.Remove("iat");
                break;
            case "iat no number":
                claims["iat"] = s_now.ToString(System.Globalization.CultureInfo.InvariantCulture);
                break;
            case "iat null":
                claims["iat"] = null;
                break;
            case "iat stale":
                claims["iat"] = s_now - 61;
                break;
            case "iat in the future":
                claims["iat"] = s_now + 61;
                break;
            case "nbf in the future":
                claims["nbf"] = s_now + 61;
                break;
            case "nbf no number":
                claims["nbf"] = "now";
                break;
            case "exp past":
                claims["exp"] = s_now;
                break;
            case "exp no number":
                claims["exp"] = "never";
                break;
            case "no token_introspection":
                claims.Remove("token_introspection");
                break;
            case "token_introspection a text":
                claims["token_introspection"] = """{"active":true}""";
                break;
            case "token_introspection null":
                claims["token_introspection"] = null;
                break;
            case "token_introspection twice":
                signed.Payload = claims.ToJsonString()[..^1] + ""","token_introspection":{"active":true,"scope":"read"}}""";
                break;
            case "active beside it":
                claims.Remove("token_introspection");
                (claims["active"], claims["scope"]) = (true, "read");
                break;
            case "active absent":
                ((JsonObject)claims["token_introspection"]!).Remove("active");
                break;
            case "active a text":
                claims["token_introspection"]!["active"] = "true";
                break;
            case "active twice":
                signed.Payload = claims
                    .ToJsonString()
                    .Replace("""{"active":true""", """{"active":true,"active":true""", StringComparison.Ordinal);
                break;
            case "claims no object":
                signed.Payload = "[]";
                break;
            case "claims no JSON":
                signed.Payload = "active";
                break;
            case "nested too deeply":
                signed.Payload = claims.ToJsonString()[..^1] + ",\"x\":" + new string('[', 33) + new string(']', 33) + "}";
                break;
            case "claims not UTF-8":
                claims["x"] = "marker";
                byte[] payload = System.Text.Encoding.UTF8.GetBytes(claims.ToJsonString());
                payload[payload.AsSpan().IndexOf("marker"u8)] = 0xFF;
                signed.PayloadBytes = payload;
                break;
            case "something behind the claims":
                signed.Payload = claims.ToJsonString() + "{}";
                break;
            default:
                throw new ArgumentException(what, nameof(what));
        }

        return signed.ToString();
    }
}

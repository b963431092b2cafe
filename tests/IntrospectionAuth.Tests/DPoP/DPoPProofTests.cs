using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using IntrospectionAuth.DPoP;
using IntrospectionAuth.Jose;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Responses;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Tests.DPoP;

/// <summary>The checks of RFC 9449, section 4.3, each with a proof that has one fault.</summary>
public sealed class DPoPProofTests : IDisposable
{
    private const string Token = "token-of-a-client";
    private const string Url = "https://api.example.com/things";

    // RFC 9449, section 7.1, figure 13
    private const string RfcToken = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
    private const string RfcProof =
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";

    private static readonly DPoPNonces s_nonces = new(new EphemeralDataProtectionProvider());

    private readonly DPoPClientKey _key = new();

    public void Dispose() => _key.Dispose();

    [Fact]
    public void A_valid_proof_is_accepted()
    {
        Assert.Equal(ProofFault.None, Check(_key.Prove("GET", Url, Token)));
    }

    [Fact]
    public void The_example_proof_of_the_RFC_is_accepted_and_has_the_thumbprint_of_the_RFC()
    {
        HttpRequest request = Request("GET", "https", "resource.example.org", "/protectedresource");
        DPoPProof proof = DPoPProofReader.Read(RfcProof, out _)!;

        ProofFault fault = DPoPProofValidator.Validate(
            proof,
            request,
            RfcToken,
            new(),
            s_nonces,
            DateTimeOffset.FromUnixTimeSeconds(1562262618),
            out JoseKey? key
        );

        Assert.Equal(ProofFault.None, fault);
        Assert.Equal("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I", key!.Thumbprint); // section 6.1
    }

    // 1.
    [Fact]
    public void The_request_must_have_exactly_one_header()
    {
        string proof = _key.Prove("GET", Url, Token);

        Assert.Equal(ProofFault.NotOneHeader, Check(StringValues.Empty));
        Assert.Equal(ProofFault.NotOneHeader, Check(""));
        Assert.Equal(ProofFault.NotOneHeader, Check(new StringValues([proof, proof])));
        Assert.Equal(ProofFault.NotOneHeader, Check(new StringValues([proof, _key.Prove("GET", Url, Token)])));
        Assert.Equal(ProofFault.NotOneHeader, Check(new StringValues([proof, ""])));
        Assert.Equal(ProofFault.Malformed, Check($"{proof}, {proof}"));
        Assert.Equal(ProofFault.Malformed, Check($"{proof},{proof}"));
        Assert.Equal(ProofFault.Malformed, Check($"{proof},"));
    }

    // 2.
    [Fact]
    public void The_header_must_be_one_well_formed_JWT()
    {
        string proof = _key.Prove("GET", Url, Token);

        Assert.Equal(ProofFault.Malformed, Check("proof"));
        Assert.Equal(ProofFault.Malformed, Check(proof + "."));
        Assert.Equal(ProofFault.Malformed, Check(proof[..proof.LastIndexOf('.')] + "."));
        Assert.Equal(ProofFault.Malformed, Check(" " + proof));
        Assert.Equal(ProofFault.Malformed, Check(Header(_key.Sign, "not JSON")));
        Assert.Equal(ProofFault.MissingClaim, Check(Header(_key.Sign, "[]")));
        Assert.Equal(ProofFault.Malformed, Check(Header(_key.Sign, """{"jti":"a","jti":"b"}""")));
        Assert.Equal(ProofFault.Malformed, Check(Header(_key.Sign, """{"jti":"\ud800","htm":"GET"}""")));
    }

    [Fact]
    public void A_proof_that_is_too_long_is_not_parsed()
    {
        string proof = _key.Prove("GET", Url, Token, claims => claims["more"] = new string('a', DPoPProofReader.MaximumLength));

        Assert.Equal(ProofFault.Malformed, Check(proof));
        Assert.Equal(
            ProofFault.None,
            Check(_key.Prove("GET", Url, Token, claims => claims["jti"] = new string('a', DPoPProofReader.MaximumIdLength)))
        );
        Assert.Equal(
            ProofFault.MissingClaim,
            Check(_key.Prove("GET", Url, Token, claims => claims["jti"] = new string('a', DPoPProofReader.MaximumIdLength + 1)))
        );
    }

    [Fact]
    public void A_proof_of_the_maximum_length_is_accepted_and_one_that_is_longer_is_rejected()
    {
        int missing = (DPoPProofReader.MaximumLength - Padded(0, 0).Length) * 3 / 4;
        string[] padded = [.. Enumerable.Range(0, 3).SelectMany(h => Enumerable.Range(missing - 16, 20).Select(p => Padded(h, p)))];

        Assert.Equal(ProofFault.None, Check(padded.First(proof => proof.Length == DPoPProofReader.MaximumLength)));
        Assert.Equal(ProofFault.Malformed, Check(padded.First(proof => proof.Length == DPoPProofReader.MaximumLength + 1)));

        string Padded(int inHeader, int inPayload) =>
            _key.Prove(
                "GET",
                Url,
                Token,
                claims => claims["more"] = new string('a', inPayload),
                header => header["more"] = new string('a', inHeader)
            );
    }

    // 3.
    [Theory]
    [InlineData("jti")]
    [InlineData("htm")]
    [InlineData("htu")]
    [InlineData("iat")]
    [InlineData("ath")]
    public void A_proof_with_a_missing_or_mistyped_claim_is_rejected(string name)
    {
        Assert.Equal(ProofFault.MissingClaim, Check(_key.Prove("GET", Url, Token, claims => claims.Remove(name))));
        Assert.Equal(ProofFault.MissingClaim, Check(_key.Prove("GET", Url, Token, claims => claims[name] = null)));
        Assert.Equal(ProofFault.MissingClaim, Check(_key.Prove("GET", Url, Token, claims => claims[name] = new JsonArray("GET"))));
        Assert.Equal(
            ProofFault.MissingClaim,
            Check(_key.Prove("GET", Url, Token, claims => claims[name] = name == "iat" ? $"{claims[name]}" : JsonValue.Create(1)))
        );
    }

    [Fact]
    public void An_empty_jti_and_a_header_without_a_key_count_as_missing()
    {
        Assert.Equal(ProofFault.MissingClaim, Check(_key.Prove("GET", Url, Token, claims => claims["jti"] = "")));
        Assert.Equal(ProofFault.MissingClaim, Check(_key.Prove("GET", Url, Token, header: header => header.Remove("jwk"))));
    }

    // 4.
    [Theory]
    [InlineData(null)]
    [InlineData("JWT")]
    [InlineData("at+jwt")]
    [InlineData("dpop")]
    public void A_proof_with_another_typ_is_rejected(string? type)
    {
        Assert.Equal(
            ProofFault.WrongType,
            Check(
                _key.Prove(
                    "GET",
                    Url,
                    Token,
                    header: header =>
                    {
                        header.Remove("typ");
                        if (type is not null)
                            header["typ"] = type;
                    }
                )
            )
        );
    }

    // 5. (X17)
    [Theory]
    [InlineData("none", ProofFault.Malformed)]
    [InlineData("None", ProofFault.Malformed)]
    [InlineData("EdDSA", ProofFault.Malformed)]
    [InlineData("HS256", ProofFault.WrongAlgorithm)]
    [InlineData("HS512", ProofFault.WrongAlgorithm)]
    [InlineData("ES384", ProofFault.WrongAlgorithm)] // not accepted unless it is named
    [InlineData("ES512", ProofFault.WrongAlgorithm)]
    [InlineData("RS256", ProofFault.WrongKey)] // not the algorithm of this key
    [InlineData("PS512", ProofFault.WrongKey)]
    public void A_proof_with_no_a_symmetric_or_a_mismatched_algorithm_is_rejected(string algorithm, object fault)
    {
        Assert.Equal(fault, Check(_key.Prove("GET", Url, Token, header: header => header["alg"] = algorithm)));
    }

    [Fact]
    public void A_public_key_is_never_used_as_a_shared_secret()
    {
        string header = $$$"""{"typ":"dpop+jwt","alg":"HS256","jwk":{"kty":"EC","crv":"P-256","x":"{{{_key.X}}}","y":"{{{_key.Y}}}"}}""";
        string payload = Encoding.UTF8.GetString(Base64UrlText.Decode(_key.Prove("GET", Url, Token).Split('.')[1])!);
        string signed = $"{Base64UrlText.Encode(header)}.{Base64UrlText.Encode(payload)}";
        byte[] publicKey = Base64UrlText.Decode(_key.X)!;

        string proof = $"{signed}.{Base64UrlText.Encode(HMACSHA256.HashData(publicKey, Encoding.ASCII.GetBytes(signed)))}";

        Assert.Equal(ProofFault.WrongAlgorithm, Check(proof));
        Assert.Equal(
            ProofFault.Malformed,
            Check(_key.Prove("GET", Url, Token, header: it => it["jwk"] = new JsonObject { ["kty"] = "oct", ["k"] = _key.X }))
        );
    }

    [Fact]
    public void Only_listed_algorithms_are_accepted_if_any_are_listed()
    {
        var options = new OAuthIntrospectionDPoPOptions { Algorithms = { "ES384" } };

        Assert.Equal(ProofFault.WrongAlgorithm, Check(_key.Prove("GET", Url, Token), options));
        Assert.Equal(ProofFault.None, Check(Prove(JoseAlgorithm.ES384), options));
    }

    [Theory]
    [InlineData("RS256", true)]
    [InlineData("RS384", true)]
    [InlineData("RS512", true)]
    [InlineData("PS256", true)]
    [InlineData("PS384", true)]
    [InlineData("PS512", true)]
    [InlineData("ES256", true)]
    [InlineData("ES384", false)]
    [InlineData("ES512", false)]
    public void Every_algorithm_can_be_listed_and_inexpensive_ones_are_accepted_by_default(string name, bool isDefault)
    {
        string proof = Prove(JoseAlgorithm.Find(name)!);

        Assert.Equal(ProofFault.None, Check(proof, new() { Algorithms = { name } }));
        Assert.Equal(isDefault ? ProofFault.None : ProofFault.WrongAlgorithm, Check(proof));
    }

    // Each proof also has a key that fails only on import, and an invalid signature. Any other fault shows that neither was checked.
    [Theory]
    [InlineData("typ", ProofFault.WrongType)]
    [InlineData("alg", ProofFault.WrongAlgorithm)]
    [InlineData("jti", ProofFault.MissingClaim)]
    [InlineData("htm", ProofFault.WrongMethod)]
    [InlineData("htu", ProofFault.WrongUrl)]
    [InlineData("nonce", ProofFault.NonceRequired)]
    [InlineData("iat", ProofFault.WrongTime)]
    [InlineData("ath", ProofFault.WrongToken)]
    [InlineData("", ProofFault.WrongKey)]
    public void Inexpensive_checks_come_before_the_import_of_the_key(string wrong, object fault)
    {
        string zeros = Base64UrlText.Encode(new byte[48]);
        var options = new OAuthIntrospectionDPoPOptions
        {
            Algorithms = { wrong == "alg" ? "ES256" : "ES384" },
            RequireNonce = wrong == "nonce",
        };
        string proof = _key.Prove(
            "GET",
            Url,
            Token,
            claims =>
            {
                if (wrong == "iat")
                    claims["iat"] = 1;
                else if (wrong == "jti")
                    claims.Remove("jti");
                else if (wrong.Length > 0 && claims.ContainsKey(wrong))
                    claims[wrong] = "wrong";
            },
            header: header =>
            {
                (header["alg"], header["typ"]) = ("ES384", wrong == "typ" ? "JWT" : "dpop+jwt");
                header["jwk"] = new JsonObject
                {
                    ["kty"] = "EC",
                    ["crv"] = "P-384",
                    ["x"] = zeros,
                    ["y"] = zeros,
                };
            }
        );

        Assert.Equal(fault, Check(proof, options));
    }

    [Fact]
    public void A_key_from_a_serializer_that_writes_null_members_is_accepted()
    {
        string[] names = ["alg", "d", "dp", "dq", "e", "k", "kid", "n", "p", "q", "qi", "use", "x5t", "x5t#S256", "x5u"];
        string proof = _key.Prove(
            "GET",
            Url,
            Token,
            header: header =>
            {
                foreach (string name in names)
                    header["jwk"]![name] = null;
                foreach (string name in (string[])["key_ops", "oth", "x5c"])
                    header["jwk"]![name] = new JsonArray();
            }
        );

        Assert.Equal(ProofFault.None, Check(proof));
    }

    // 6.
    [Fact]
    public void A_proof_with_the_signature_of_another_key_or_content_is_rejected()
    {
        using var other = new DPoPClientKey();
        string[] parts = _key.Prove("GET", Url, Token).Split('.');
        string[] others = _key.Prove("GET", Url, Token).Split('.');

        Assert.Equal(
            ProofFault.WrongSignature,
            Check(_key.Prove("GET", Url, Token, header: header => (header["jwk"]!["x"], header["jwk"]!["y"]) = (other.X, other.Y)))
        );
        Assert.Equal(ProofFault.WrongSignature, Check($"{parts[0]}.{parts[1]}.{others[2]}"));
        Assert.Equal(ProofFault.WrongSignature, Check($"{parts[0]}.{parts[1]}.AAAA"));
    }

    // 7. (X17)
    [Fact]
    public void A_proof_with_a_private_key_in_its_header_is_rejected()
    {
        Assert.Equal(ProofFault.Malformed, Check(_key.Prove("GET", Url, Token, header: header => header["jwk"]!["d"] = _key.PrivatePart)));
    }

    [Theory]
    [InlineData("d")]
    [InlineData("p")]
    [InlineData("q")]
    [InlineData("dp")]
    [InlineData("dq")]
    [InlineData("qi")]
    [InlineData("oth")]
    [InlineData("k")]
    public void A_proof_with_any_part_of_a_private_key_is_rejected(string member)
    {
        using RSA rsa = RSA.Create(2048);
        RSAParameters key = rsa.ExportParameters(includePrivateParameters: true);
        string claims = Encoding.UTF8.GetString(Base64UrlText.Decode(_key.Prove("GET", Url, Token).Split('.')[1])!);

        Assert.Equal(ProofFault.Malformed, Check(Sign($$""","{{member}}":"{{Base64UrlText.Encode(key.P)}}" """)));
        Assert.Equal(ProofFault.None, Check(Sign("")));

        string Sign(string more)
        {
            string jwk = $$"""{"kty":"RSA","n":"{{Base64UrlText.Encode(key.Modulus)}}","e":"AQAB"{{more}}}""";
            string signed =
                $"{Base64UrlText.Encode($$"""{"typ":"dpop+jwt","alg":"RS256","jwk":{{jwk}} }""")}.{Base64UrlText.Encode(claims)}";
            byte[] signature = rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return $"{signed}.{Base64UrlText.Encode(signature)}";
        }
    }

    // 8.
    [Theory]
    [InlineData("POST")]
    [InlineData("get")]
    [InlineData("")]
    public void A_proof_for_another_method_is_rejected(string method) =>
        Assert.Equal(ProofFault.WrongMethod, Check(_key.Prove(method, Url, Token)));

    // 9. See also TargetUrlTests
    [Theory]
    [InlineData("https://api.example.com/other")]
    [InlineData("http://api.example.com/things")]
    [InlineData("https://evil.example.com/things")]
    [InlineData("/things")]
    [InlineData("")]
    public void A_proof_for_another_URL_is_rejected(string url) => Assert.Equal(ProofFault.WrongUrl, Check(_key.Prove("GET", url, Token)));

    // 10. See also DPoPNonceTests
    [Fact]
    public void A_required_nonce_must_come_from_this_API()
    {
        var options = new OAuthIntrospectionDPoPOptions { RequireNonce = true };
        string nonce = s_nonces.Create(ManualTimeProvider.Start)!;

        Assert.Equal(ProofFault.None, Check(_key.Prove("GET", Url, Token, claims => claims["nonce"] = nonce), options));
        Assert.Equal(ProofFault.NonceRequired, Check(_key.Prove("GET", Url, Token), options));
        Assert.Equal(ProofFault.NonceRequired, Check(_key.Prove("GET", Url, Token, claims => claims["nonce"] = ""), options));
        Assert.Equal(ProofFault.NonceRequired, Check(_key.Prove("GET", Url, Token, claims => claims["nonce"] = "nonce"), options));
        Assert.Equal(ProofFault.NonceRequired, Check(_key.Prove("GET", Url, Token, claims => claims["nonce"] = nonce[..^4]), options));
        Assert.Equal(ProofFault.None, Check(_key.Prove("GET", Url, Token, claims => claims["nonce"] = "any nonce")));
    }

    // 11.
    [Theory]
    [InlineData(-60, ProofFault.None)]
    [InlineData(-61, ProofFault.WrongTime)]
    [InlineData(5, ProofFault.None)]
    [InlineData(6, ProofFault.WrongTime)]
    public void A_proof_is_accepted_for_its_lifetime_and_the_clock_skew(int seconds, object fault) =>
        Assert.Equal(fault, Check(_key.Prove("GET", Url, Token, ManualTimeProvider.Start.AddSeconds(seconds))));

    [Theory]
    [InlineData("1e300")]
    [InlineData("-1e300")]
    [InlineData("1e999")]
    [InlineData("-1")]
    [InlineData("1767225600000")] // milliseconds
    public void A_proof_with_an_invalid_time_is_rejected(string seconds) =>
        Assert.Equal(ProofFault.WrongTime, Check(_key.Prove("GET", Url, Token, claims => claims["iat"] = JsonNode.Parse(seconds))));

    [Fact]
    public void The_iat_may_have_a_fraction() =>
        Assert.Equal(
            ProofFault.None,
            Check(_key.Prove("GET", Url, Token, claims => claims["iat"] = ManualTimeProvider.Start.ToUnixTimeSeconds() + 0.25))
        );

    [Fact]
    public void Lifetime_and_clock_skew_are_options()
    {
        var options = new OAuthIntrospectionDPoPOptions { ProofLifetime = TimeSpan.FromSeconds(10), ClockSkew = TimeSpan.Zero };

        Assert.Equal(ProofFault.None, Check(_key.Prove("GET", Url, Token, ManualTimeProvider.Start.AddSeconds(-10)), options));
        Assert.Equal(ProofFault.WrongTime, Check(_key.Prove("GET", Url, Token, ManualTimeProvider.Start.AddSeconds(-11)), options));
        Assert.Equal(ProofFault.WrongTime, Check(_key.Prove("GET", Url, Token, ManualTimeProvider.Start.AddSeconds(1)), options));
    }

    // 12.
    [Fact]
    public void A_proof_for_another_token_is_rejected()
    {
        Assert.Equal(ProofFault.WrongToken, Check(_key.Prove("GET", Url, "another token")));
        Assert.Equal(ProofFault.WrongToken, Check(_key.Prove("GET", Url, Token, claims => claims["ath"] = "")));
        Assert.Equal(ProofFault.WrongToken, Check(_key.Prove("GET", Url, Token, claims => claims["ath"] = claims["ath"] + "=")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(601)]
    public void Options_out_of_range_are_rejected(int seconds)
    {
        var options = new OAuthIntrospectionDPoPOptions();

        if (seconds != 9)
            Assert.Throws<ArgumentOutOfRangeException>(() => options.ProofLifetime = TimeSpan.FromSeconds(seconds));
        Assert.Throws<ArgumentOutOfRangeException>(() => options.ClockSkew = TimeSpan.FromSeconds(seconds == 601 ? 301 : -1));
    }

    private static ProofFault Check(StringValues header, OAuthIntrospectionDPoPOptions? options = null)
    {
        DPoPProof? proof = DPoPProofReader.Read(header, out ProofFault fault);
        if (proof is null)
            return fault;

        fault = DPoPProofValidator.Validate(
            proof,
            Request("GET", "https", "api.example.com", "/things"),
            Token,
            options ?? new(),
            s_nonces,
            ManualTimeProvider.Start,
            out JoseKey? key
        );
        Assert.Equal(fault == ProofFault.None, key is not null);
        key?.Dispose();
        return fault;
    }

    /// <summary>A valid proof of a new key for the algorithm.</summary>
    private string Prove(JoseAlgorithm algorithm)
    {
        ServerKey key = JoseAlgorithm.Rsa.Contains(algorithm)
            ? ServerKey.Rsa(keyId: null)
            : ServerKey.Ec(keyId: null, EcCurve.All.Single(curve => curve.Algorithm == algorithm).Name);
        string claims = _key.Prove("GET", Url, Token).Split('.')[1];
        var header = new JsonObject
        {
            ["typ"] = "dpop+jwt",
            ["alg"] = algorithm.Name,
            ["jwk"] = key.Jwk(),
        };
        string signed = $"{Base64UrlText.Encode(header.ToJsonString())}.{claims}";
        return $"{signed}.{Base64UrlText.Encode(key.Pair.Sign(algorithm, Encoding.ASCII.GetBytes(signed)))}";
    }

    private static HttpRequest Request(string method, string scheme, string host, string path)
    {
        HttpRequest request = new DefaultHttpContext().Request;
        (request.Method, request.Scheme, request.Path) = (method, scheme, path);
        request.Headers.Host = host;
        return request;
    }

    private string Header(Func<string, string, string> sign, string payload) =>
        sign($$$"""{"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"{{{_key.X}}}","y":"{{{_key.Y}}}"}}""", payload);
}

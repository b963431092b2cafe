using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntrospectionAuth.Discovery;
using IntrospectionAuth.Jose;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Tests.Jose;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IntrospectionAuth.Interop.Jose;

/// <summary>
/// This library's JOSE against Microsoft.IdentityModel: each verifies and decrypts what the other signs and encrypts. The last tests show
/// where the two differ.
/// </summary>
public sealed class MicrosoftIdentityModelTests : IDisposable
{
    private static readonly JoseAlgorithm[] s_all = [.. JoseAlgorithm.Asymmetric, .. JoseAlgorithm.Symmetric];
    private static readonly JsonWebTokenHandler s_handler = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly RSA _rsa = RSA.Create(2048);
    private readonly List<IDisposable> _keys = [];

    public static TheoryData<string> Algorithms => [.. s_all.Select(algorithm => algorithm.Name)];

    /// <summary>Algorithms that both support.</summary>
    public static TheoryData<string, string> Encryption =>
        new()
        {
            { "RSA-OAEP", "A128CBC-HS256" },
            { "RSA-OAEP", "A192CBC-HS384" },
            { "RSA-OAEP", "A256CBC-HS512" },
        };

    public void Dispose()
    {
        _rsa.Dispose();
        _keys.ForEach(key => key.Dispose());
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_JWS_by_IdentityModel_verifies_with_the_key_that_its_serializer_writes(string algorithm)
    {
        SecurityKey key = CreateKey(algorithm);
        string compact = s_handler.CreateToken(
            new SecurityTokenDescriptor
            {
                Claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["sub"] = "user-1" },
                TokenType = "test+jwt",
                SigningCredentials = new SigningCredentials(key, algorithm),
            }
        );
        string jwk = WriteJwk(key, isPrivate: false);

        JoseKey read = JsonWebKeyReader.Read(jwk, out string? fault)!;
        Jws jws = JwsReader.Read(compact)!;

        Assert.Null(fault);
        Assert.True(jws.IsSignedBy(read, s_all));
        Assert.True(jws.Header.HasType("test+jwt"));
        Assert.Equal("""{"sub":"user-1"}""", Encoding.UTF8.GetString(jws.Payload.Span));
        if (JoseAlgorithm.Find(algorithm) is { } known && JoseAlgorithm.Asymmetric.Contains(known))
        {
            Assert.Contains("\"key_ops\":[]", jwk, StringComparison.Ordinal);
            Assert.Contains("\"oth\":[]", jwk, StringComparison.Ordinal);
            Assert.Equal(Base64UrlText.Encode(key.ComputeJwkThumbprint()), read.Thumbprint);
            Assert.True(KeySetReader.Read(Encoding.UTF8.GetBytes($$"""{"keys":[{{jwk}}]}""")).Value!.HasSigned(jws));
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task IdentityModel_verifies_a_JWS_by_this_library(string algorithm)
    {
        SecurityKey key = CreateKey(algorithm);
        JoseKey own = JsonWebKeyReader.Read(WriteJwk(key, isPrivate: true), out _)!;

        string compact = JwsBuilder.Sign(
            new JwsHeader { Algorithm = JoseAlgorithm.Find(algorithm)!, Type = "test+jwt" },
            """{"sub":"user-1"}"""u8,
            own
        );

        Assert.Equal("user-1", await ValidateAsync(compact, key));
        Assert.Null(await ValidateAsync(compact[..^6] + "AAAAAA", key));
    }

    [Theory]
    [MemberData(nameof(Encryption))]
    public void A_JWE_by_IdentityModel_is_decrypted(string alg, string enc)
    {
        string compact = s_handler.CreateToken(
            new SecurityTokenDescriptor
            {
                Claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["sub"] = "user-1" },
                SigningCredentials = new SigningCredentials(new RsaSecurityKey(_rsa), "RS256"),
                EncryptingCredentials = new EncryptingCredentials(new RsaSecurityKey(_rsa), alg, enc),
            }
        );

        Jwe jwe = JweReader.Read(compact)!;
        string signed = Encoding.ASCII.GetString(jwe.Decrypt(RsaJoseKey.Create(_rsa, isPrivate: true)!)!);

        Assert.Equal(("JWT", alg, enc), (jwe.ContentType, jwe.KeyEncryption.Name, jwe.ContentEncryption.Name));
        Assert.True(JwsReader.Read(signed)!.IsSignedBy(RsaJoseKey.Create(_rsa, isPrivate: false)!, [JoseAlgorithm.RS256]));
    }

    [Theory]
    [MemberData(nameof(Encryption))]
    public async Task IdentityModel_decrypts_a_JWE_in_the_form_that_this_library_reads(string alg, string enc) =>
        Assert.Equal("user-1", await DecryptAsync(alg, enc));

    // Differences, as listed in docs/signed-responses.md.

    [Theory]
    [InlineData("""{"alg":"ES256","alg":"ES256"}""")]
    [InlineData("""{"alg":"ES256","kid":"a","kid":"b"}""")]
    public async Task A_duplicate_header_member_is_accepted_by_IdentityModel_and_rejected_here(string header) =>
        await AssertTheyAcceptWhatIsRefusedHereAsync(header);

    [Fact]
    public async Task A_duplicate_claim_is_accepted_by_IdentityModel_and_rejected_here()
    {
        (ECDsaSecurityKey key, JoseKey own) = CreateEcKey();
        string compact = Sign("""{"alg":"ES256","typ":"token-introspection+jwt"}""", """{"sub":"user-0","sub":"user-1"}""", own);
        var options = new OAuthIntrospectionOptions { Authority = "https://auth.example.com", ClientId = "api" };

        Assert.Equal("user-1", await ValidateAsync(compact, key)); // the last one wins

        string? fault = Responses.SignedClaimsReader.FindFault(
            JwsReader.Read(compact)!.Payload.Span,
            options,
            DateTimeOffset.UnixEpoch,
            out _
        );
        Assert.Equal("its claims have a member twice", fault);
    }

    [Theory]
    [InlineData("""{"alg":"ES256","crit":["unheard-of"],"unheard-of":true}""")]
    [InlineData("""{"alg":"ES256","crit":["exp"],"exp":1}""")]
    [InlineData("""{"alg":"ES256","crit":[]}""")]
    public async Task An_unknown_crit_extension_is_ignored_by_IdentityModel_and_rejected_here(string header) =>
        await AssertTheyAcceptWhatIsRefusedHereAsync(header);

    [Theory]
    [InlineData("""{"alg":"ES256","b64":false}""")]
    [InlineData("""{"alg":"ES256","b64":false,"crit":["b64"]}""")]
    public async Task An_unencoded_payload_is_decoded_by_IdentityModel_and_rejected_here(string header) =>
        await AssertTheyAcceptWhatIsRefusedHereAsync(header);

    [Fact]
    public async Task An_RSA_key_of_1024_bits_is_accepted_by_IdentityModel_and_rejected_here()
    {
        using var small = RSA.Create(1024);
        const string Input = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyLTEifQ";
        byte[] signature = small.SignData(Encoding.ASCII.GetBytes(Input), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        string compact = $"{Input}.{Base64UrlText.Encode(signature)}";
        var key = new RsaSecurityKey(small);

        Assert.Equal("user-1", await ValidateAsync(compact, key));

        Assert.Null(JsonWebKeyReader.Read(WriteJwk(key, isPrivate: false), out string? fault));
        Assert.StartsWith("has an n of other than 2048 to 8192 bits", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("use", "\"enc\"", "has a use other than sig")]
    [InlineData("key_ops", "[\"encrypt\"]", "has key_ops without verify")]
    [InlineData("alg", "\"ECDH-ES\"", "has an alg that is not supported")]
    public async Task A_key_for_another_use_is_accepted_by_IdentityModel_and_rejected_here(string member, string value, string reason)
    {
        (ECDsaSecurityKey pair, JoseKey own) = CreateEcKey();
        JsonObject jwk = JsonNode.Parse(WriteJwk(pair, isPrivate: false))!.AsObject();
        jwk[member] = JsonNode.Parse(value);
        string compact = Sign("""{"alg":"ES256"}""", """{"sub":"user-1"}""", own);

        Assert.Equal("user-1", await ValidateAsync(compact, new JsonWebKey(jwk.ToJsonString())));

        Assert.Null(JsonWebKeyReader.Read(jwk.ToJsonString(), out string? fault));
        Assert.Equal(reason, fault);
    }

    [Theory]
    [InlineData("RSA-OAEP-256", "A128CBC-HS256")]
    [InlineData("RSA-OAEP-256", "A256GCM")]
    [InlineData("RSA-OAEP", "A128GCM")]
    [InlineData("RSA-OAEP", "A256GCM")]
    public async Task RSA_OAEP_256_and_AES_GCM_are_decrypted_here_and_not_by_IdentityModel(string alg, string enc)
    {
        Assert.Null(await DecryptAsync(alg, enc));

        string compact = JweBuilder.EncryptBy(alg, enc, "a text", _rsa);
        Assert.Equal("a text", Encoding.ASCII.GetString(JweReader.Read(compact)!.Decrypt(RsaJoseKey.Create(_rsa, isPrivate: true)!)!));
    }

    private static async Task AssertTheyAcceptWhatIsRefusedHereAsync(string header)
    {
        (ECDsaSecurityKey key, JoseKey own) = CreateEcKey();
        string compact = Sign(header, """{"sub":"user-1"}""", own);

        Assert.Equal("user-1", await ValidateAsync(compact, key));

        Assert.Null(JwsReader.Read(compact));
    }

    private static string Sign(string header, string claims, JoseKey key)
    {
        string input = $"{Base64UrlText.Encode(header)}.{Base64UrlText.Encode(claims)}";
        return JwsBuilder.Complete(input, key.Sign(JoseAlgorithm.ES256, Encoding.ASCII.GetBytes(input)));
    }

    /// <returns>The subject, or null if IdentityModel rejects the message.</returns>
    private static async Task<string?> ValidateAsync(string compact, SecurityKey key, SecurityKey? decryptionKey = null)
    {
        TokenValidationResult result = await s_handler.ValidateTokenAsync(
            compact,
            new TokenValidationParameters
            {
                IssuerSigningKey = key,
                TokenDecryptionKey = decryptionKey,
                ValidateIssuer = false,
                ValidateAudience = false,
                ValidateLifetime = false,
            }
        );
        return result.IsValid ? (string)result.Claims["sub"] : null;
    }

    private Task<string?> DecryptAsync(string alg, string enc)
    {
        string signed = JwsBuilder.Sign(
            new JwsHeader { Algorithm = JoseAlgorithm.RS256 },
            """{"sub":"user-1"}"""u8,
            RsaJoseKey.Create(_rsa, isPrivate: true)!
        );
        return ValidateAsync(JweBuilder.EncryptBy(alg, enc, signed, _rsa), new RsaSecurityKey(_rsa), new RsaSecurityKey(_rsa));
    }

    private static (ECDsaSecurityKey Key, JoseKey Own) CreateEcKey()
    {
        var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (new ECDsaSecurityKey(ecdsa), EcJoseKey.Create(ecdsa, isPrivate: true)!);
    }

    private SecurityKey CreateKey(string algorithm)
    {
        switch (algorithm[..2])
        {
            case "HS":
                return new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(64));
            case "ES":
                var ecdsa = ECDsa.Create(EcCurve.All.Single(curve => curve.Algorithm.Name == algorithm).Curve);
                _keys.Add(ecdsa);
                return new ECDsaSecurityKey(ecdsa);
            default:
                return new RsaSecurityKey(_rsa);
        }
    }

    private static string WriteJwk(SecurityKey key, bool isPrivate)
    {
        JsonWebKey jwk = key switch
        {
            RsaSecurityKey rsa => JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.Rsa.ExportParameters(isPrivate))),
            ECDsaSecurityKey ec => JsonWebKeyConverter.ConvertFromECDsaSecurityKey(
                isPrivate ? ec : new ECDsaSecurityKey(ECDsa.Create(ec.ECDsa.ExportParameters(includePrivateParameters: false)))
            ),
            _ => JsonWebKeyConverter.ConvertFromSymmetricSecurityKey((SymmetricSecurityKey)key),
        };
#pragma warning disable RS0030 // how applications write such keys is what this is about
        return JsonSerializer.Serialize(jwk);
#pragma warning restore RS0030
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IntrospectionAuth.Discovery;
using IntrospectionAuth.DPoP;
using IntrospectionAuth.Jose;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tests.Jose;

/// <summary>
/// Randomly changed messages and keys, with a fixed seed, are accepted or rejected, and nothing throws.
/// </summary>
public sealed class NothingThrowsTests
{
    private const int Rounds = 2_000;

    private static readonly string[] s_pieces =
    [
        ".",
        "=",
        "\"",
        "{",
        "}",
        "[",
        "]",
        "\\",
        "\\ud800",
        "\\u0000",
        "\0",
        " ",
        "null",
        "true",
        "-1",
        "1e999",
        "99999999999999999999",
        "é",
        "\uFEFF",
        "A",
        "AAAA",
        "_",
        "-",
        "+",
        "/",
        "\n",
        "\"d\":null,",
        "\"alg\":\"none\",",
        "\"crit\":[\"exp\"],",
        "\"zip\":\"DEF\",",
        "\"p2c\":2147483647,",
        "\"kty\":\"oct\",",
        "\"n\":\"AA\",",
        "\"x\":\"\",",
    ];

    [Fact]
    public void A_randomly_changed_signed_message_is_not_verified()
    {
        JoseKey key = JsonWebKeyReader.Read(RfcKeys.Es256Key, out _)!;

        foreach (string text in ChangeAtRandom(RfcKeys.Es256Jws, seed: 1))
            Assert.False(JwsReader.Read(text)?.IsSignedBy(key, [.. JoseAlgorithm.Asymmetric, .. JoseAlgorithm.Symmetric]) ?? false);
    }

    [Fact]
    public void A_randomly_changed_header_is_read_or_rejected()
    {
        foreach (
            string header in ChangeAtRandom(
                """{"alg":"ES256","typ":"dpop+jwt","kid":"1","jwk":{"kty":"EC","crv":"P-256","x":"f83O","y":"x_FE","key_ops":[],"oth":null}}""",
                seed: 2
            )
        )
        {
            _ = JwsReader.Read($"{Base64UrlText.Encode(header)}.e30.AAAA");
        }
    }

    [Theory]
    [InlineData("RSA-OAEP", "A128CBC-HS256")]
    [InlineData("RSA-OAEP-256", "A256GCM")]
    public void A_randomly_changed_encrypted_message_is_not_decrypted(string alg, string enc)
    {
        using var rsa = RsaKeys.CreateFirst();
        JoseKey key = RsaJoseKey.Create(rsa, isPrivate: true)!;

        foreach (string text in ChangeAtRandom(JweBuilder.EncryptBy(alg, enc, "a text", rsa), seed: 3).Take(500))
            Assert.Null(JweReader.Read(text)?.Decrypt((RsaJoseKey)key));
        foreach (string header in ChangeAtRandom($$"""{"alg":"{{alg}}","enc":"{{enc}}","cty":"JWT"}""", seed: 4))
            _ = JweReader.Read($"{Base64UrlText.Encode(header)}.AAAA.AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA");
    }

    [Theory]
    [InlineData(RfcKeys.Es256Key)]
    [InlineData(RfcKeys.Es512Key)]
    [InlineData(RfcKeys.ThumbprintKey)]
    [InlineData(RfcKeys.SecretKey)]
    public void A_randomly_changed_key_is_read_or_rejected_with_a_reason(string jwk)
    {
        foreach (string text in ChangeAtRandom(jwk, seed: 5).Take(1_000))
        {
            using JoseKey? key = JsonWebKeyReader.Read(text, out string? fault);
            Assert.NotEqual(key is null, fault is null);
            _ = KeySetReader.Read(Encoding.UTF8.GetBytes($$"""{"keys":[{{text}}]}"""));
        }
    }

    [Fact]
    public void A_randomly_changed_proof_is_rejected()
    {
        var options = new OAuthIntrospectionDPoPOptions();
        var nonces = new DPoPNonces(new EphemeralDataProtectionProvider());
        HttpRequest request = new DefaultHttpContext().Request;
        (request.Method, request.Scheme, request.Path) = ("GET", "https", "/protectedresource");
        request.Headers.Host = "resource.example.org";

        foreach (string text in ChangeAtRandom(RfcKeys.DpopProof, seed: 6))
        {
            if (DPoPProofReader.Read(text, out ProofFault fault) is { } proof)
                fault = DPoPProofValidator.Validate(proof, request, "token", options, nonces, ManualTimeProvider.Start, out JoseKey? _);
            Assert.NotEqual(ProofFault.None, fault);
        }
    }

    [Theory]
    [InlineData("""{"kty":1}""")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":{},"y":[]}""")]
    [InlineData("""{"kty":"EC","crv":["P-256"]}""")]
    [InlineData("""{"kty":"RSA","n":null,"e":null}""")]
    [InlineData("""{"kty":"RSA","n":"AAAA","e":"AAAA"}""")]
    [InlineData("""{"kty":"RSA","n":"AQAB","e":"AQAB","key_ops":"verify"}""")]
    [InlineData("""{"kty":"\ud800"}""")]
    [InlineData("""{"\ud800":"RSA"}""")]
    public void A_public_key_with_random_members_is_rejected_for_every_algorithm(string jwk)
    {
        using JsonDocument document = JsonDocument.Parse(jwk);

        Assert.All(
            JoseAlgorithm.Asymmetric.Concat(JoseAlgorithm.Symmetric),
            algorithm => Assert.Null(JsonWebKeyReader.ReadPublic(document.RootElement, algorithm, out _))
        );
    }

    /// <summary>Removes, duplicates, overwrites or inserts a part.</summary>
    private static IEnumerable<string> ChangeAtRandom(string text, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < Rounds; i++)
        {
            int start = random.Next(text.Length),
                length = random.Next(1, 1 + Math.Min(8, text.Length - start));
            string piece = s_pieces[random.Next(s_pieces.Length)];
            string changed = random.Next(5) switch
            {
                0 => text[..start],
                1 => text[..start] + text[(start + length)..],
                2 => text[..(start + length)] + text[start..],
                3 => text[..start] + piece + text[start..],
                _ => text[..start] + piece + text[(start + length)..],
            };
            if (changed != text)
                yield return changed;
        }
    }
}

using System.Security.Cryptography;
using System.Text;
using IntrospectionAuth.Jose;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.DPoP;

/// <summary>
/// Verifies a proof against the request (RFC 9449, section 4.3, steps 4 to 12). The key is compared with the token's when that is known.
/// </summary>
/// <remarks>
/// In their order, except that 6 and 7 come last: to import a key and to verify a signature takes from 0.2 to 2 milliseconds, all else next
/// to nothing, and anybody may send a proof.
/// </remarks>
internal static class DPoPProofValidator
{
    /// <param name="proof">The proof.</param>
    /// <param name="request">The request.</param>
    /// <param name="token">The token that it presents.</param>
    /// <param name="options">The scheme's options.</param>
    /// <param name="nonces">The nonces of this API.</param>
    /// <param name="now">What the scheme's clock says.</param>
    /// <param name="key">The key that has signed the proof, to be disposed of; null when the proof is refused.</param>
    /// <returns>Why the proof is refused; <see cref="ProofFault.None"/> when it is not.</returns>
    public static ProofFault Validate(
        DPoPProof proof,
        HttpRequest request,
        ReadOnlySpan<char> token,
        OAuthIntrospectionDPoPOptions options,
        DPoPNonces nonces,
        DateTimeOffset now,
        out JoseKey? key
    )
    {
        ProofFault fault = FindFault(proof, request, token, options, nonces, now);
        key = null;
        if (fault != ProofFault.None)
            return fault;

        // 6. and 7. A key that does not go with the algorithm is not imported either.
        key = JsonWebKeyReader.ReadPublic(proof.Jwk, proof.Message.Header.Algorithm, out _);
        if (key is null)
            return ProofFault.WrongKey;
        if (proof.Message.IsSignedBy(key, JoseAlgorithm.Asymmetric))
            return ProofFault.None;

        key.Dispose();
        key = null;
        return ProofFault.WrongSignature;
    }

    private static ProofFault FindFault(
        DPoPProof proof,
        HttpRequest request,
        ReadOnlySpan<char> token,
        OAuthIntrospectionDPoPOptions options,
        DPoPNonces nonces,
        DateTimeOffset now
    )
    {
        // 4. and 5.
        if (!proof.Message.Header.HasType("dpop+jwt"))
            return ProofFault.WrongType;
        if (!options.Accepts(proof.Message.Header.Algorithm))
            return ProofFault.WrongAlgorithm;

        // 8. and 9.
        if (proof.Method != request.Method)
            return ProofFault.WrongMethod;
        if (!TargetUrl.IsThatOf(request, proof.Url))
            return ProofFault.WrongUrl;

        // 10.
        if (options.RequireNonce && !nonces.Accepts(proof.Nonce, options, now))
            return ProofFault.NonceRequired;

        // 11. In seconds, and not as dates: no number is too large for it.
        double age = (now - DateTimeOffset.UnixEpoch).TotalSeconds - proof.IssuedAt;
        if (!(age <= options.ProofLifetime.TotalSeconds && age >= -options.ClockSkew.TotalSeconds))
            return ProofFault.WrongTime;

        // 12.
        return Base64UrlText.FixedTimeEquals(proof.TokenHash, HashOf(token)) ? ProofFault.None : ProofFault.WrongToken;
    }

    /// <summary>Section 4.2: the SHA-256 of the token in ASCII, of which a presented token is made.</summary>
    private static string HashOf(ReadOnlySpan<char> token)
    {
        byte[] ascii = new byte[Encoding.ASCII.GetByteCount(token)];
        Encoding.ASCII.GetBytes(token, ascii);
        return Base64UrlText.Encode(SHA256.HashData(ascii));
    }
}

using System.Security.Cryptography;
using System.Text;
using IntrospectionAuth.Jose;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.DPoP;

/// <summary>
/// Validates a proof against the request (RFC 9449, section 4.3, steps 4 to 12). The key is compared with the token's <c>cnf</c> after
/// introspection.
/// </summary>
/// <remarks>
/// Steps 6 and 7 come last: importing a key and verifying a signature takes from 0.2 to 2 milliseconds, the other steps take almost no
/// time, and anyone may send a proof.
/// </remarks>
internal static class DPoPProofValidator
{
    /// <param name="proof">The proof.</param>
    /// <param name="request">The request.</param>
    /// <param name="token">The token of the request.</param>
    /// <param name="options">The scheme's options.</param>
    /// <param name="nonces">The nonces of this API.</param>
    /// <param name="now">The time of the scheme's clock.</param>
    /// <param name="key">The key of the signature, which the caller disposes of; null when the proof is rejected.</param>
    /// <returns>Why the proof is rejected; <see cref="ProofFault.None"/> when it is valid.</returns>
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

        // 6. and 7. A key for another algorithm is not imported.
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

        // 11. In seconds, because some numbers are too large for a date.
        double age = (now - DateTimeOffset.UnixEpoch).TotalSeconds - proof.IssuedAt;
        if (!(age <= options.ProofLifetime.TotalSeconds && age >= -options.ClockSkew.TotalSeconds))
            return ProofFault.WrongTime;

        // 12.
        return Base64UrlText.FixedTimeEquals(proof.TokenHash, HashOf(token)) ? ProofFault.None : ProofFault.WrongToken;
    }

    /// <summary>The SHA-256 hash of the token in ASCII (section 4.2). The token has passed the check that it is ASCII.</summary>
    private static string HashOf(ReadOnlySpan<char> token)
    {
        byte[] ascii = new byte[Encoding.ASCII.GetByteCount(token)];
        Encoding.ASCII.GetBytes(token, ascii);
        return Base64UrlText.Encode(SHA256.HashData(ascii));
    }
}

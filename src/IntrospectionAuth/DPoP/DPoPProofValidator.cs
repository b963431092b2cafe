using System.Security.Cryptography;
using System.Text;
using IntrospectionAuth.Jose;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.DPoP;

/// <summary>Verifies a proof against the request (RFC 9449, section 4.3, steps 4 to 12, in their order). The key is compared with the token's when that is known.</summary>
internal static class DPoPProofValidator
{
    /// <returns>Why the proof is refused; <see cref="ProofFault.None"/> when it is not.</returns>
    public static ProofFault Validate(
        DPoPProof proof, HttpRequest request, ReadOnlySpan<char> token, OAuthIntrospectionDPoPOptions options, DPoPNonces nonces, DateTimeOffset now)
    {
        // 4. and 5.
        if (!proof.Message.Header.HasType("dpop+jwt"))
            return ProofFault.WrongType;
        if (!options.Accepts(proof.Message.Header.Algorithm))
            return ProofFault.WrongAlgorithm;

        // 6. That the key is a public one (7.), the reader has seen.
        if (!proof.Message.IsSignedBy(proof.Key, JoseAlgorithm.Asymmetric))
            return ProofFault.WrongSignature;

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

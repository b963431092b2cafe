using IntrospectionAuth.Discovery;
using IntrospectionAuth.Jose;
using IntrospectionAuth.Replay;

namespace IntrospectionAuth.PushedRevocation;

/// <summary>Verifies the tokens by which an authorization server pushes a revocation: logout tokens and security event tokens.</summary>
internal sealed class PushedTokenVerifier(PushedTokenKeys keys)
{
    /// <summary>The length of the longest token that is read.</summary>
    public const int MaximumLength = 16 * 1024;

    private const int MostIds = 100_000; // 4 to 8 MB when full

    // Only the server's own tokens are recorded: forged ones cannot fill it.
    private readonly UsedIds _used = new(MostIds) { AcceptsUncertain = true };

    /// <summary>Verifies a token and records its use. Cheap checks come first: what they reject costs no key and no verification.</summary>
    /// <remarks>
    /// When the store of used ids is full, a token is accepted without being recorded. A token that the store may have forgotten, because
    /// the clock was set back, is accepted, too. A replay only removes cache entries that the next request obtains again, but a rejected
    /// revocation would leave them in use.
    /// </remarks>
    /// <exception cref="OperationCanceledException">The token was cancelled while keys were fetched.</exception>
    public async Task<PushedTokenResult> VerifyAsync(
        IntrospectionScheme scheme,
        string text,
        PushedTokenExpectations expected,
        CancellationToken cancellationToken
    )
    {
        if (text.Length > MaximumLength)
            return PushedTokenRejection.Invalid("The token is too long.");
        if (JweReader.IsJwe(text))
            return PushedTokenRejection.Invalid("The token is encrypted, which is not supported.");
        if (JwsReader.Read(text) is not { } message)
            return PushedTokenRejection.Invalid("The token is not a JWT with a supported signature.");
        if (!JoseAlgorithm.Asymmetric.Contains(message.Header.Algorithm))
            return new PushedTokenRejection(PushedTokenFault.InvalidSignature, "The token is signed by an algorithm that is not accepted.");
        if (!HasType(message.Header, expected))
            return PushedTokenRejection.Invalid($"The typ is not {expected.Type}.");

        PushedTokenResult result = PushedTokenReader.Read(message.Payload, expected, scheme);
        if (!result.IsAccepted)
            return result;

        SignatureVerification signature = await keys.Get(scheme, expected.KeysUrl).VerifyAsync(message, scheme.Options, cancellationToken);
        if (signature.Keys.Unavailability is not null)
            return new PushedTokenRejection(PushedTokenFault.KeysUnavailable, "The keys of the authorization server cannot be obtained.");
        if (!signature.IsVerified)
            return new PushedTokenRejection(PushedTokenFault.InvalidSignature, "None of the authorization server's keys signed the token.");

        return IsReplay(result.Token, expected, scheme)
            ? new PushedTokenRejection(PushedTokenFault.Replayed, "The token was received before.")
            : result;
    }

    private static bool HasType(JwsHeader header, PushedTokenExpectations expected) =>
        header.HasType(expected.Type) || (expected.AcceptsUntyped && (header.Type is null || header.HasType("JWT")));

    private bool IsReplay(PushedToken token, PushedTokenExpectations expected, IntrospectionScheme scheme)
    {
        DateTimeOffset lastUse = token.IssuedAt + expected.MaximumAge;
        if (token.ExpiresAt < lastUse)
            lastUse = token.ExpiresAt.Value;

        UInt128 hash = UsedIds.Hash($"{scheme.Name.Length}:{scheme.Name}{expected.Issuer.Length}:{expected.Issuer}{token.Id}");
        DateTimeOffset expiresAt = lastUse + PushedTokenExpectations.Tolerance + scheme.Options.ClockSkew;
        return _used.Add(hash, expiresAt, scheme.Now) == IdUse.Replayed;
    }
}

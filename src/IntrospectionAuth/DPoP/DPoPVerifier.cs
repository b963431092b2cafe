using IntrospectionAuth.Jose;
using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.DPoP;

/// <summary>Has a request prove that its sender holds the key of a DPoP proof: before the authorization server is asked, and once.</summary>
internal sealed class DPoPVerifier(UsedProofs used, DPoPNonces nonces, RareMessages rare, ILogger<DPoPVerifier> logger)
{
    private const string Header = "DPoP";

    /// <summary>Judges how a token is presented, and the proof that comes with it. What the token is bound to is not known yet.</summary>
    /// <param name="request">The request.</param>
    /// <param name="token">Its token.</param>
    /// <param name="scheme">The name of the authentication scheme.</param>
    /// <param name="options">Its options.</param>
    /// <param name="now">What its clock says.</param>
    /// <param name="proof">What is proved; null for a bearer token.</param>
    /// <returns>Why the request is refused, or null.</returns>
    public OAuthIntrospectionException? Verify(
        HttpRequest request,
        PresentedToken token,
        string scheme,
        OAuthIntrospectionOptions options,
        DateTimeOffset now,
        out VerifiedProof? proof
    )
    {
        proof = null;
        if (!token.IsDPoP)
            return options.RequireDPoP ? new OAuthIntrospectionException(OAuthIntrospectionFailure.DPoPRequired) : null;

        JoseKey? key = null;
        DPoPProof? read = DPoPProofReader.Read(request.Headers[Header], out ProofFault fault);
        if (read is not null)
            fault = DPoPProofValidator.Validate(read, request, token.Value, options.DPoP, nonces, now, out key);
        using (key)
        {
            if (key is null)
            {
                logger.ProofRefused(scheme, fault);
                return fault == ProofFault.NonceRequired
                    ? AskForNonce(now)
                    : new OAuthIntrospectionException(OAuthIntrospectionFailure.InvalidProof);
            }

            proof = new VerifiedProof
            {
                KeyThumbprint = key.Thumbprint,
                SpelledThumbprint = key.SpelledThumbprint,
                Id = read!.Id,
                ExpiresAt = DateTimeOffset.UnixEpoch.AddSeconds(read.IssuedAt) + options.DPoP.ProofLifetime,
                Nonce = read.Nonce,
            };
            return null;
        }
    }

    /// <summary>Uses a proof up. Everything else about the request must have been found right: so only who has a good token can fill the memory.</summary>
    /// <returns>Why the request is refused, or null.</returns>
    public OAuthIntrospectionException? Use(
        VerifiedProof proof,
        HttpResponse response,
        string scheme,
        OAuthIntrospectionOptions options,
        DateTimeOffset now
    )
    {
        switch (used.Add(scheme, proof, now))
        {
            case ProofUse.Again:
                logger.ProofRefused(scheme, ProofFault.Replayed);
                return new OAuthIntrospectionException(OAuthIntrospectionFailure.InvalidProof);
            case ProofUse.NoRoom:
                if (rare.IsDue(scheme, nameof(Log.TooManyProofs), options.TimeProvider ?? TimeProvider.System, out long suppressed))
                    logger.TooManyProofs(scheme, suppressed);
                return new OAuthIntrospectionException(OAuthIntrospectionFailure.Unavailable, retryAfter: TimeSpan.FromSeconds(5));
            default:
                if (options.DPoP.RequireNonce && nonces.IsToBeRenewed(proof.Nonce, options.DPoP, now) && nonces.Create(now) is { } nonce)
                    NonceHeader.Write(response, nonce);
                return null;
        }
    }

    /// <summary>Without a nonce to give, a client could not do what it is told.</summary>
    private OAuthIntrospectionException AskForNonce(DateTimeOffset now) =>
        nonces.Create(now) is { } nonce
            ? new OAuthIntrospectionException(OAuthIntrospectionFailure.NonceRequired) { Nonce = nonce }
            : new OAuthIntrospectionException(OAuthIntrospectionFailure.Unavailable, retryAfter: TimeSpan.FromSeconds(5));
}

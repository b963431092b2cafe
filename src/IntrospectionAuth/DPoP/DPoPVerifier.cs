using IntrospectionAuth.Jose;
using IntrospectionAuth.Replay;
using IntrospectionAuth.SharedCache;
using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.DPoP;

/// <summary>Verifies that the sender of a request holds the key of its DPoP proof, and that the proof was not used before.</summary>
internal sealed class DPoPVerifier(UsedProofs used, DPoPNonces nonces, RareMessages rare, ILogger<DPoPVerifier> logger)
{
    private const string Header = "DPoP";

    // Clocks of nodes differ: a proof that has expired here may still be valid on another node.
    private static readonly TimeSpan s_lifetimeReserve = 2 * Fleet.MaximumClockDifference;

    /// <summary>
    /// Verifies the authorization scheme and the proof of a request. This comes before introspection, so the token's key is not known yet.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="token">Its token.</param>
    /// <param name="scheme">The name of the authentication scheme.</param>
    /// <param name="options">The scheme's options.</param>
    /// <param name="now">The time of the scheme's clock.</param>
    /// <param name="proof">The verified proof; null for a bearer token.</param>
    /// <returns>Why the request is rejected, or null.</returns>
    public OAuthIntrospectionException? Verify(
        HttpRequest request,
        RequestToken token,
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
                return fault == ProofFault.NonceRequired ? RequireNonce(now) : Invalid(fault);
            }

            DateTimeOffset issuedAt = DateTimeOffset.UnixEpoch.AddSeconds(read!.IssuedAt);
            proof = new VerifiedProof
            {
                KeyThumbprint = key.Thumbprint,
                UnnormalizedThumbprint = key.UnnormalizedThumbprint,
                Id = read.Id,
                IssuedAt = issuedAt,
                ExpiresAt = issuedAt + options.DPoP.ProofLifetime,
                Nonce = read.Nonce,
            };
            return null;
        }
    }

    /// <summary>
    /// Records that a proof was used. Call it after all other checks, so that only callers with a valid token can fill the store of used
    /// proofs.
    /// </summary>
    /// <returns>Why the request is rejected, or null.</returns>
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
            case IdUse.Replayed:
                return Invalid(ProofFault.Replayed);
            case IdUse.StoreFull:
                if (rare.IsDue(scheme, nameof(Log.TooManyProofs), options.Clock, out long suppressed))
                    logger.TooManyProofs(scheme, ProofRemedies.Of(ProofFault.StoreFull), suppressed);
                return Unavailable(ProofFault.StoreFull);
            default:
                if (options.DPoP.RequireNonce && nonces.IsDueForRenewal(proof.Nonce, options.DPoP, now) && nonces.Create(now) is { } nonce)
                    NonceHeader.Write(response, nonce);
                return null;
        }
    }

    /// <summary>Records with the other nodes that a proof was used, after <see cref="Use"/>.</summary>
    /// <returns>Why the request is rejected, or null.</returns>
    public async ValueTask<OAuthIntrospectionException?> UseOnAllNodesAsync(
        Fleet? fleet,
        VerifiedProof proof,
        string scheme,
        OAuthIntrospectionOptions options,
        DateTimeOffset now
    )
    {
        bool isRequired = options.DPoP.ReplayAcrossNodes == DPoPReplayAcrossNodes.Required;
        if (fleet is null && !isRequired)
            return null;

        TimeSpan left = proof.ExpiresAt - now;
        TimeSpan lifetime = (left > TimeSpan.Zero ? left : TimeSpan.Zero) + s_lifetimeReserve;
        bool? isFirst = fleet is null ? null : await TryUseInTimeAsync();
        if (isFirst == true)
            return null;
        if (isFirst == false)
            return Invalid(ProofFault.Replayed);

        if (rare.IsDue(scheme, nameof(Log.ProofNotShared), options.Clock, out long suppressed))
        {
            Remedy remedy = ProofRemedies.Of(ProofFault.NotShared);
            logger.ProofNotShared(scheme, isRequired ? "rejected with 503" : "accepted", remedy, suppressed);
        }

        return isRequired ? Unavailable(ProofFault.NotShared) : null;

        async Task<bool?> TryUseInTimeAsync()
        {
            Task<bool?> use = fleet.TryUseProofAsync(scheme, proof.KeyThumbprint, proof.Id, lifetime);
            try
            {
                return await use.WaitAsync(options.Timeout / 2, options.Clock);
            }
            catch (TimeoutException)
            {
                return null; // the engine works, but slowly
            }
        }
    }

    /// <summary>Without a nonce the client could not meet the challenge, so the response is 503.</summary>
    private OAuthIntrospectionException RequireNonce(DateTimeOffset now) =>
        nonces.Create(now) is { } nonce
            ? new OAuthIntrospectionException(OAuthIntrospectionFailure.NonceRequired)
            {
                Nonce = nonce,
                ProofFault = ProofFault.NonceRequired,
            }
            : Unavailable(ProofFault.NoNonce);

    private static OAuthIntrospectionException Invalid(ProofFault fault) =>
        new(OAuthIntrospectionFailure.InvalidProof) { ProofFault = fault };

    private static OAuthIntrospectionException Unavailable(ProofFault fault) =>
        new(OAuthIntrospectionFailure.Unavailable) { ProofFault = fault };
}

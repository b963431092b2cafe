using IntrospectionAuth.DPoP;
using IntrospectionAuth.Responses;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Validation;

/// <summary>
/// Validates that a request proves possession of the key or certificate that its token is bound to (RFC 7800, section 3.1).
/// </summary>
internal static class BindingValidator
{
    /// <returns>Why the token is rejected; null when it is not.</returns>
    public static async ValueTask<OAuthIntrospectionFailure?> ValidateAsync(
        Confirmation? confirmation,
        VerifiedProof? proof,
        HttpContext context
    ) =>
        FindUnknownBinding(confirmation)
        ?? ValidateKey(confirmation, proof)
        ?? (
            confirmation?.CertificateThumbprint is { } certificate && !await CertificateBinding.IsProvedAsync(context, certificate)
                ? OAuthIntrospectionFailure.BindingNotProved
                : null
        );

    /// <returns>Why the token is rejected, if it is bound in a way that this library cannot verify.</returns>
    public static OAuthIntrospectionFailure? FindUnknownBinding(Confirmation? confirmation) =>
        confirmation is { IsUnderstood: false } ? OAuthIntrospectionFailure.BindingNotProved : null;

    /// <summary>
    /// RFC 9449, section 7.1: the scheme DPoP requires a token that is bound to a key, and such a token requires the scheme.
    /// </summary>
    /// <returns>Why the token is rejected; null when its key, if any, signed the proof, if any.</returns>
    public static OAuthIntrospectionFailure? ValidateKey(Confirmation? confirmation, VerifiedProof? proof)
    {
        if (confirmation?.JwkThumbprint is not { } thumbprint)
            return proof is null ? null : OAuthIntrospectionFailure.NotBound;
        if (proof is null)
            return OAuthIntrospectionFailure.DPoPRequired;
        return proof.IsOfKey(thumbprint) ? null : OAuthIntrospectionFailure.BindingNotProved; // section 4.3, step 12
    }
}

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
    )
    {
        if (confirmation is { IsUnderstood: false })
            return OAuthIntrospectionFailure.BindingNotProved;

        // RFC 9449, section 7.1: the scheme DPoP requires a token that is bound to a key, and such a token requires the scheme.
        if (confirmation?.JwkThumbprint is not { } thumbprint)
        {
            if (proof is not null)
                return OAuthIntrospectionFailure.NotBound;
        }
        else if (proof is null)
        {
            return OAuthIntrospectionFailure.DPoPRequired;
        }
        else if (!proof.IsOfKey(thumbprint)) // section 4.3, step 12
        {
            return OAuthIntrospectionFailure.BindingNotProved;
        }

        return confirmation?.CertificateThumbprint is { } certificate && !await CertificateBinding.IsProvedAsync(context, certificate)
            ? OAuthIntrospectionFailure.BindingNotProved
            : null;
    }
}

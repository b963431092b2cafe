using IntrospectionAuth.DPoP;
using IntrospectionAuth.Responses;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Validation;

/// <summary>Judges whether a request proves to have what its token is bound to (RFC 7800, section 3.1); it runs on every request, cached answer or not.</summary>
internal static class BindingValidator
{
    /// <param name="confirmation">What the token is bound to; null when it is not.</param>
    /// <param name="proof">The key that the request proves to have; null when it presents a bearer token.</param>
    /// <param name="context">The request.</param>
    /// <returns>Why the token is refused, or null.</returns>
    public static async ValueTask<OAuthIntrospectionFailure?> ValidateAsync(
        Confirmation? confirmation,
        VerifiedProof? proof,
        HttpContext context
    )
    {
        if (confirmation is { IsUnderstood: false })
            return OAuthIntrospectionFailure.BindingNotProved;

        // RFC 9449, section 7.1: the scheme DPoP is for bound tokens, and bound tokens are for it.
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

using IntrospectionAuth.Introspection;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Binding;

/// <summary>Judges whether a request proves to have what its token is bound to (RFC 7800, section 3.1); it runs on every request, cached answer or not.</summary>
internal static class BindingValidator
{
    /// <returns>Why the token is refused, or null.</returns>
    public static async ValueTask<OAuthIntrospectionFailure?> ValidateAsync(Confirmation confirmation, HttpContext context)
    {
        // A DPoP proof (jkt) is not understood yet.
        bool isProved = confirmation is { IsUnderstood: true, JwkThumbprint: null }
            && await CertificateBinding.IsProvedAsync(context, confirmation.CertificateThumbprint!);
        return isProved ? null : OAuthIntrospectionFailure.BindingNotProved;
    }
}

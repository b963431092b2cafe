using IntrospectionAuth.PushedRevocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace IntrospectionAuth.BackChannelLogout;

/// <summary>Reads the logout token of a request (Back-Channel Logout 1.0, section 2.5).</summary>
internal static class LogoutTokenReader
{
    private const string Parameter = "logout_token";

    private static readonly FormOptions s_limits = new()
    {
        KeyLengthLimit = 256,
        ValueCountLimit = 16,
        ValueLengthLimit = PushedTokenVerifier.MaximumLength,
    };

    /// <returns>The token; null when the body has no or several tokens, exceeds the limits, or is not a form.</returns>
    public static async Task<string?> ReadAsync(HttpRequest request)
    {
        if (
            !MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            || !type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
        )
        {
            return null;
        }

        try
        {
            // A scheme that accepts tokens in forms has already read the body.
            IFormCollection form =
                request.HttpContext.Features.Get<IFormFeature>()?.Form
                ?? await new FormFeature(request, s_limits).ReadFormAsync(request.HttpContext.RequestAborted);
            return form[Parameter] is [{ Length: > 0 } token] ? token : null;
        }
        catch (Exception)
        {
            return null; // too large, truncated, or consumed
        }
    }
}

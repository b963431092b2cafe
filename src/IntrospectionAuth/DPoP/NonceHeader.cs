using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.DPoP;

/// <summary>Gives a client a nonce for its next proof (RFC 9449, sections 8 and 9).</summary>
internal static class NonceHeader
{
    public const string Name = "DPoP-Nonce";

    public static void Write(HttpResponse response, string nonce)
    {
        if (response.HasStarted)
            return;

        response.Headers[Name] = nonce;
        ResponseStoring.Forbid(response); // section 8.2: a kept response would bring an old nonce
    }
}

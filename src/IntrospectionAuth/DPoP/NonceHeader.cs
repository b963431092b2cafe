using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.DPoP;

/// <summary>Writes the nonce for the client's next proof to a response (RFC 9449, sections 8 and 9).</summary>
internal static class NonceHeader
{
    public const string Name = "DPoP-Nonce";

    public static void Write(HttpResponse response, string nonce)
    {
        if (response.HasStarted)
            return;

        response.Headers[Name] = nonce;
        ResponseStoring.Forbid(response); // a cached response would contain an old nonce (section 8.2)
    }
}

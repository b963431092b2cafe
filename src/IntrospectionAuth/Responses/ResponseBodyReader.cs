using System.Text;
using IntrospectionAuth.Http;
using IntrospectionAuth.Json;

namespace IntrospectionAuth.Responses;

/// <summary>Reads the body of a response: of the requested kind, and up to the maximum length.</summary>
internal static class ResponseBodyReader
{
    /// <summary>The media type of a signed response (RFC 9701, section 5).</summary>
    public const string SignedMediaType = "application/token-introspection+jwt";

    public static async Task<BodyReading> ReadAsync(
        ClientAuthenticationContext request,
        HttpContent content,
        DateTimeOffset askedAt,
        StringPool strings
    )
    {
        if (ContentType.Is(SignedMediaType, content.Headers))
        {
            return BodyReading.InvalidResponse(
                "it is signed, although no signed response was requested; set RequireSignedResponse to verify signed responses"
            );
        }

        if (!ContentType.IsJson(content.Headers))
        {
            return BodyReading.InvalidResponse("its content type is not JSON" + ContentType.Describe(content.Headers, request.Secrets));
        }

        return await LimitedBody.ReadAsync(
                content,
                request.Options.MaximumResponseLength,
                body => IntrospectionResponseReader.Read(body, askedAt, strings, request.Options.IsShared),
                request.CancellationToken
            ) ?? BodyReading.TooLong;
    }

    /// <summary>
    /// Reads ASCII text without white space around it and without a byte order mark, which some servers send. Other characters become
    /// question marks.
    /// </summary>
    public static string ReadAscii(ReadOnlySpan<byte> text) =>
        Encoding.ASCII.GetString(StrictJson.WithoutByteOrderMark(text).Trim(" \t\r\n"u8));
}

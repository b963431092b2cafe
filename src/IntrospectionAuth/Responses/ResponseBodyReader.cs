using System.Text;
using IntrospectionAuth.Http;
using IntrospectionAuth.Json;

namespace IntrospectionAuth.Responses;

/// <summary>Reads an answer's body from the network: of the kind that was asked for, and never more than was allowed.</summary>
internal static class ResponseBodyReader
{
    public static async Task<BodyReading> ReadAsync(
        ClientAuthenticationContext request,
        HttpContent content,
        DateTimeOffset askedAt,
        StringPool strings
    )
    {
        if (ContentType.Is(SignedResponseReader.MediaType, content.Headers))
        {
            return BodyReading.InvalidResponse(
                "it is signed, though it was not asked to be; set RequireSignedResponse to have signed answers verified"
            );
        }

        if (!ContentType.IsJson(content.Headers))
        {
            return BodyReading.InvalidResponse("its content type is not JSON" + ContentType.Describe(content.Headers, request.Secrets));
        }

        return await LimitedBody.ReadAsync(
                content,
                request.Options.MaximumResponseLength,
                body => IntrospectionResponseReader.Read(body, askedAt, strings),
                request.CancellationToken
            ) ?? BodyReading.TooLong;
    }

    /// <summary>
    /// Reads text that some servers end with a newline, or begin with a byte order mark: both are no part of it. What is not ASCII becomes
    /// question marks.
    /// </summary>
    public static string ReadAscii(ReadOnlySpan<byte> text) =>
        Encoding.ASCII.GetString(StrictJson.WithoutByteOrderMark(text).Trim(" \t\r\n"u8));
}

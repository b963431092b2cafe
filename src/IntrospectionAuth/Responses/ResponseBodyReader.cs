using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using IntrospectionAuth.Http;
using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.Responses;

/// <summary>Reads an answer's body from the network: of the kind that was asked for, and never more than was allowed.</summary>
internal static class ResponseBodyReader
{
    private const int FirstBufferLength = 4096;

    public static async Task<BodyReading> ReadAsync(
        ClientAuthenticationContext request,
        HttpContent content,
        DateTimeOffset askedAt,
        StringPool strings
    )
    {
        if (HasMediaType(content.Headers, SignedResponseReader.MediaType))
        {
            return BodyReading.InvalidResponse(
                "it is signed, though it was not asked to be; set RequireSignedResponse to have signed answers verified"
            );
        }

        if (!IsJson(content.Headers))
        {
            return BodyReading.InvalidResponse("its content type is not JSON" + MediaTypeText.But(content.Headers, request.Secrets));
        }

        return await ReadAsync(
                content,
                request.Options.MaximumResponseLength,
                body => IntrospectionResponseReader.Read(body, askedAt, strings),
                request.CancellationToken
            ) ?? BodyReading.TooLong;
    }

    /// <returns>The body as <see cref="ReadAscii"/> reads it; null when it is too long.</returns>
    public static Task<string?> ReadAsciiAsync(HttpContent content, int maximumLength, CancellationToken cancellationToken) =>
        ReadAsync(content, maximumLength, ReadAscii, cancellationToken);

    /// <summary>
    /// Reads text that some servers end with a newline, or begin with a byte order mark: both are no part of it. What is not ASCII becomes
    /// question marks.
    /// </summary>
    public static string ReadAscii(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith(Encoding.UTF8.Preamble))
            text = text[Encoding.UTF8.Preamble.Length..];
        return Encoding.ASCII.GetString(text.Trim(" \t\r\n"u8));
    }

    public static bool IsJson(HttpContentHeaders headers) =>
        MediaTypeOf(headers) is { } mediaType
        && (
            mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase)
        );

    public static bool HasMediaType(HttpContentHeaders headers, string mediaType) =>
        mediaType.Equals(MediaTypeOf(headers), StringComparison.OrdinalIgnoreCase);

    /// <returns>The media type; null when there is none, or more than one.</returns>
    private static string? MediaTypeOf(HttpContentHeaders headers) =>
        headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues values) && values.Count == 1
            ? headers.ContentType?.MediaType
            : null;

    /// <returns>What was read of the body; null when it is too long.</returns>
    private static async Task<T?> ReadAsync<T>(
        HttpContent content,
        int maximumLength,
        Func<ReadOnlySpan<byte>, T> read,
        CancellationToken cancellationToken
    )
        where T : class
    {
        if (content.Headers.ContentLength > maximumLength)
            return null;

        await using Stream stream = await content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBufferLength);
        int length = 0;
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0)
            {
                length += count;
                if (length > maximumLength)
                    return null;
                if (length == buffer.Length)
                    Grow(ref buffer);
            }

            return read(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true); // it holds somebody's identity
        }
    }

    private static void Grow(ref byte[] buffer)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        buffer = larger;
    }
}

using System.Buffers;
using System.Net.Http.Headers;

namespace IntrospectionAuth.Introspection;

/// <summary>Reads an answer's body from the network: JSON only, and never more than was allowed.</summary>
internal static class ResponseBodyReader
{
    private const int FirstBufferLength = 4096;

    public static async Task<BodyReading> ReadAsync(HttpContent content, int maximumLength, StringPool strings, CancellationToken cancellationToken)
    {
        if (!IsJson(content.Headers))
            return BodyReading.NotAnAnswer("its content type is not JSON");
        if (content.Headers.ContentLength > maximumLength)
            return BodyReading.NotAnAnswer("it is longer than MaximumResponseLength");

        await using Stream stream = await content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBufferLength);
        int length = 0;
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0)
            {
                length += read;
                if (length > maximumLength)
                    return BodyReading.NotAnAnswer("it is longer than MaximumResponseLength");
                if (length == buffer.Length)
                    Grow(ref buffer);
            }

            return IntrospectionResponseReader.Read(buffer.AsSpan(0, length), strings);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true); // it holds somebody's identity
        }
    }

    public static bool IsJson(HttpContentHeaders headers) =>
        headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues values) && values.Count == 1
        && headers.ContentType?.MediaType is { } mediaType
        && (mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    private static void Grow(ref byte[] buffer)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        buffer = larger;
    }
}

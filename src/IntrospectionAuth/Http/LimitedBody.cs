using System.Buffers;

namespace IntrospectionAuth.Http;

/// <summary>Reads the body of a response or a request, up to a maximum length.</summary>
internal static class LimitedBody
{
    private const int FirstBufferLength = 4096;

    /// <returns>The body; null when it is longer.</returns>
    public static async Task<byte[]?> ReadAsync(HttpContent content, int maximumLength, CancellationToken cancellationToken)
    {
        try
        {
            await content.LoadIntoBufferAsync(maximumLength, cancellationToken);
            return await content.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return null;
        }
    }

    /// <summary>Reads the body from a pooled buffer, without a copy.</summary>
    /// <returns>What <paramref name="read"/> returns; null when the body is longer.</returns>
    public static async Task<T?> ReadAsync<T>(
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
        return await ReadAsync(stream, maximumLength, read, cancellationToken);
    }

    /// <inheritdoc cref="ReadAsync{T}(HttpContent, int, Func{ReadOnlySpan{byte}, T}, CancellationToken)"/>
    public static async Task<T?> ReadAsync<T>(
        Stream stream,
        int maximumLength,
        Func<ReadOnlySpan<byte>, T> read,
        CancellationToken cancellationToken
    )
        where T : class
    {
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
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true); // It holds the identity of a user.
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

namespace IntrospectionAuth.Http;

/// <summary>Reads the body of a document that is fetched, and never more of it than is allowed.</summary>
internal static class LimitedBody
{
    /// <returns>The body; null when it is longer than that.</returns>
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
}

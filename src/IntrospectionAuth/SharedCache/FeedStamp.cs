namespace IntrospectionAuth.SharedCache;

/// <summary>
/// How far a node had read the feeds when it asked the authorization server. A removal with a higher number is newer than the response.
/// </summary>
internal sealed class FeedStamp(params (long Secret, long Position)[] positions)
{
    public IReadOnlyList<(long Secret, long Position)> Positions => positions;

    /// <returns>The position in the feed of a secret; null when the node that asked did not know the secret.</returns>
    public long? PositionIn(long secret)
    {
        foreach ((long id, long position) in positions)
        {
            if (id == secret)
                return position;
        }

        return null;
    }
}

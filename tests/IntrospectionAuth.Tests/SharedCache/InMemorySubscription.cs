namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>A subscription to the notifications of a feed of <see cref="InMemoryFleetEngine"/>.</summary>
internal sealed class InMemorySubscription(string feed, Action<InMemorySubscription> end) : IAsyncDisposable
{
    public string Feed => feed;

    public ValueTask DisposeAsync()
    {
        end(this);
        return ValueTask.CompletedTask;
    }
}

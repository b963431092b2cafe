using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.Caching;

/// <summary>Answers from memory, or asks once for everybody who waits for the same token.</summary>
internal sealed class CachingIntrospector(IntrospectionClient client, IntrospectionCache cache)
{
    private readonly CacheKeyBuilder _keys = new();
    private readonly ConcurrentDictionary<CacheKey, TaskCompletionSource<IntrospectionResult>> _calls = new();

    public CacheKey BuildKey(string scheme, OAuthIntrospectionOptions options, ReadOnlySpan<char> token) => _keys.Build(scheme, options, token);

    public bool TryGetCached(
        string scheme, OAuthIntrospectionOptions options, in CacheKey key, DateTimeOffset now, [NotNullWhen(true)] out IntrospectionResult? result) =>
        cache.TryGet(scheme, options, key, now, out result);

    /// <summary>Asks, or joins those who already wait. The call belongs to no request: whoever goes away cancels nothing.</summary>
    public Task<IntrospectionResult> AskAsync(string scheme, OAuthIntrospectionOptions options, CacheKey key, string token)
    {
        var call = new TaskCompletionSource<IntrospectionResult>(TaskCreationOptions.RunContinuationsAsynchronously);

        // "Ask on every request" is meant: an answer that was already under way may be older than this request.
        if (options.Cache.MaximumAge != TimeSpan.Zero)
        {
            TaskCompletionSource<IntrospectionResult> shared = _calls.GetOrAdd(key, call);
            if (shared != call)
                return shared.Task;
        }

        // Unsafe: no execution context, and so no HttpContext or activity of the request that happens to be first, reaches the call.
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => _ = state.Self.RunAsync(state.scheme, state.options, state.key, state.token, state.call),
            (Self: this, scheme, options, key, token, call),
            preferLocal: false);
        return call.Task;
    }

    private async Task RunAsync(
        string scheme, OAuthIntrospectionOptions options, CacheKey key, string token, TaskCompletionSource<IntrospectionResult> call)
    {
        // Whoever comes later finds the entry, the call or, when the call failed, nothing of it: hence first store, then remove, then complete.
        try
        {
            IntrospectionResult result = await FindOrIntrospectAsync(scheme, options, key, token);
            _calls.TryRemove(new(key, call));
            call.SetResult(result);
        }
        catch (Exception exception)
        {
            _calls.TryRemove(new(key, call));
            call.SetException(exception);
            _ = call.Task.Exception; // observed, even when everybody has gone
        }
    }

    private async Task<IntrospectionResult> FindOrIntrospectAsync(string scheme, OAuthIntrospectionOptions options, CacheKey key, string token)
    {
        // Between this call's miss and its start another one may have ended.
        DateTimeOffset now = (options.TimeProvider ?? TimeProvider.System).GetUtcNow();
        if (cache.TryGet(scheme, options, key, now, out IntrospectionResult? found))
            return found;

        IntrospectionResult result = await client.IntrospectAsync(scheme, options, token);
        cache.Set(scheme, options, key, result);
        return result;
    }
}

using System.Diagnostics;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Server;

namespace IntrospectionAuth.Calls;

/// <summary>A call in flight, which belongs to no request, and what has happened meanwhile that makes its result out of date.</summary>
/// <param name="server">The server that is asked.</param>
/// <param name="key">The token's key.</param>
/// <param name="token">The token.</param>
/// <param name="others">The calls about the same token.</param>
/// <param name="order">Its place among all calls, in the order in which they ask.</param>
internal sealed class SharedCall(SchemeServer server, CacheKey key, string token, TokenCalls others, long order)
{
    private readonly TaskCompletionSource<IntrospectionResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CacheKey _key = key;
    private readonly Lock _lock = new();
    private long _order = order;
    private DateTimeOffset? _askedAt;
    private List<Predicate<IntrospectionResponse>>? _removals;
    private bool _isRemoved;

    public SchemeServer Server { get; } = server;

    public string Token { get; } = token;

    /// <summary>Its place among all calls; a repetition asks anew, and gets a new one.</summary>
    public long Order => Volatile.Read(ref _order);

    public ref readonly CacheKey Key => ref _key;

    public Task<IntrospectionResult> Task => _completion.Task;

    /// <summary>The call's span, for those who wait to link to; null when nobody listens.</summary>
    public Activity? Span { get; set; }

    /// <summary>
    /// Notes that the server is about to be asked, for the first time or again. Removals before that say nothing about what it will answer.
    /// </summary>
    public void NoteAsking(long order, DateTimeOffset now)
    {
        lock (_lock)
        {
            Volatile.Write(ref _order, order);
            _askedAt = now;
            _removals = null;
            _isRemoved = false;
        }
    }

    /// <summary>Notes a removal: of whatever the call is about, or of the responses that <paramref name="isMatch"/> matches.</summary>
    public void NoteRemoval(Predicate<IntrospectionResponse>? isMatch = null)
    {
        lock (_lock)
        {
            if (isMatch is null)
                _isRemoved = true;
            else
                (_removals ??= []).Add(isMatch);
        }
    }

    /// <summary>Notes that the result is there: older ones that come later are not kept.</summary>
    public void NoteResult(IntrospectionResult result) => others.NoteResult(Order, isInactive: result.Response is null);

    /// <summary>Whether a call that asked later has its result already, so that this one must not be kept.</summary>
    public bool HasNewerResult => others.IsSuperseded(Order);

    /// <summary>What makes a result out of date that the call has brought.</summary>
    public SupersededBy FindSuperseding(IntrospectionResult result)
    {
        if (result.Response is not null && others.IsRefuted(Order))
            return SupersededBy.NewerResult;

        lock (_lock)
        {
            bool isRemoved = _isRemoved || (result.Response is { } response && _removals?.Exists(isMatch => isMatch(response)) == true);
            return isRemoved ? SupersededBy.Removal : SupersededBy.Nothing;
        }
    }

    /// <summary>
    /// Whether the server was asked, last of all, after the moment at which <paramref name="order"/> was the latest number.
    /// </summary>
    public bool WasAskedAfter(long order)
    {
        lock (_lock)
            return _askedAt is not null && _order > order;
    }

    /// <summary>
    /// How much longer the call can bring a result that is young enough; null when that cannot be said, since the server has not been asked
    /// yet.
    /// </summary>
    public TimeSpan? TimeLeft(TimeSpan maximumAge, DateTimeOffset now)
    {
        lock (_lock)
            return _askedAt is { } askedAt ? maximumAge - (now - askedAt) : null;
    }

    /// <returns>Whether this was the last call about the token.</returns>
    public bool Leave() => others.Leave();

    public void Complete(IntrospectionResult result) => _completion.SetResult(result);

    public void Fail(Exception exception)
    {
        _completion.SetException(exception);
        _ = _completion.Task.Exception; // observed, even when everybody has gone
    }

    /// <summary>Ends when the call has ended, well or not.</summary>
    public Task EndedAsync() =>
        _completion.Task.ContinueWith(
            static _ => { },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
}

using System.Diagnostics;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Server;
using IntrospectionAuth.SharedCache;

namespace IntrospectionAuth.Calls;

/// <summary>A call about one token, which several requests may wait for. <see cref="InFlightCalls"/> states the rules.</summary>
/// <remarks>Its state is guarded by <paramref name="gate"/>, the lock of <see cref="InFlightCalls"/>.</remarks>
internal sealed class InFlightCall(SchemeServer server, CacheKey key, string token, TokenCalls siblings, long number, Lock gate)
{
    private readonly TaskCompletionSource<IntrospectionResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CacheKey _key = key;
    private long _number = number;
    private DateTimeOffset? _askedAt;
    private List<Predicate<IntrospectionResult>>? _removals;

    public SchemeServer Server { get; } = server;

    public ref readonly CacheKey Key => ref _key;

    public string Token { get; } = token;

    public TokenCalls Siblings { get; } = siblings;

    /// <summary>The entry that the call refreshes in the background; null when requests wait for the call.</summary>
    public CacheEntry? RefreshedEntry { get; init; }

    /// <summary>The call's span, which the spans of the waiting requests link to; null when there is no listener.</summary>
    public Activity? Span { get; set; }

    /// <summary>The discovered endpoint that was asked; null when the endpoint is configured.</summary>
    public string? Endpoint { get; set; }

    /// <summary>How far the feeds of removals were read when the server was asked; null when the response is not to be shared.</summary>
    public FeedStamp? Stamp { get; set; }

    /// <summary>Whether an active response about the token was known before the call, here or on another node.</summary>
    public bool IsKnownActive
    {
        get => field || RefreshedEntry is not null;
        set;
    }

    public Task<IntrospectionResult> Task => _completion.Task;

    public long Number
    {
        get
        {
            lock (gate)
                return _number;
        }
    }

    /// <summary>Records that the server is about to be asked, or asked again. Earlier removals do not concern the response.</summary>
    public void RecordAsking(long number, DateTimeOffset now)
    {
        lock (gate)
        {
            _number = number;
            _askedAt = now;
            _removals = null;
        }
    }

    /// <summary>Records a removal, which supersedes a result that matches.</summary>
    public void RecordRemoval(Predicate<IntrospectionResult> isMatch)
    {
        lock (gate)
            (_removals ??= []).Add(isMatch);
    }

    /// <summary>Records the result, before it is stored: results of older calls are no longer stored.</summary>
    public void RecordResult(IntrospectionResult result)
    {
        lock (gate)
            Siblings.RecordResult(_number, isInactive: result.Response is null);
    }

    public bool MayStore(IntrospectionResult result)
    {
        lock (gate)
            return Siblings.NewestResult <= _number && FindSupersession(result) == Supersession.None;
    }

    public Supersession FindSupersession(IntrospectionResult result)
    {
        lock (gate)
        {
            if (result.Response is not null && Siblings.NewestInactiveResult > _number)
                return Supersession.NewerResult;
            return _removals?.Exists(isMatch => isMatch(result)) == true ? Supersession.Removal : Supersession.None;
        }
    }

    /// <summary>Whether the server was asked, or asked again, after the call with the given number.</summary>
    public bool WasAskedAfter(long otherNumber)
    {
        lock (gate)
            return _askedAt is not null && _number > otherNumber;
    }

    /// <summary>
    /// The time until the response is too old for a request that accepts <paramref name="maximumAge"/>. It is
    /// <see cref="TimeSpan.MaxValue"/> when the server is asked after the request arrived: when <paramref name="latestNumber"/> was the
    /// number of the latest call.
    /// </summary>
    public TimeSpan TimeUntilTooOld(TimeSpan? maximumAge, long latestNumber, DateTimeOffset now)
    {
        lock (gate)
        {
            return maximumAge is { } age && _askedAt is { } askedAt && _number <= latestNumber ? age - (now - askedAt) : TimeSpan.MaxValue;
        }
    }

    public void Complete(IntrospectionResult result) => _completion.SetResult(result);

    public void Fail(Exception exception)
    {
        _completion.SetException(exception);
        _ = _completion.Task.Exception; // observed, even when no request waits
    }
}

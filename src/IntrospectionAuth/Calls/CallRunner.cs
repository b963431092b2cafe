using System.Diagnostics;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Server;
using IntrospectionAuth.Telemetry;

namespace IntrospectionAuth.Calls;

/// <summary>Runs in-flight calls from the first look into the cache to the completion of their task.</summary>
internal sealed class CallRunner(
    InFlightCalls calls,
    ServerIntrospector introspector,
    IntrospectionCache cache,
    FleetCalls fleetCalls,
    IntrospectionActivities activities
) : IDisposable, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Joins the call about a token, or starts one.</summary>
    public InFlightCall JoinOrStart(
        SchemeServer server,
        in CacheKey key,
        string token,
        TimeSpan? requiredFreshness,
        TimeSpan? maximumAge,
        long latestNumber,
        out bool isStarted
    )
    {
        InFlightCall call = calls.JoinOrAdd(server, key, token, maximumAge, latestNumber, out isStarted);
        if (isStarted)
            BackgroundWork.Start((Self: this, call, requiredFreshness), static it => it.Self.RunAsync(it.call, it.requiredFreshness));
        return call;
    }

    /// <summary>Runs a call to its end. It does not throw; the call's task has the result.</summary>
    public async Task RunAsync(InFlightCall call, TimeSpan? requiredFreshness)
    {
        try
        {
            IntrospectionResult result = FindCached(call, requiredFreshness) ?? await ObtainAsync(call, requiredFreshness);
            End(call, result.Unavailability);
            call.Complete(result);
        }
        catch (Exception exception)
        {
            End(call, unavailability: null);
            call.Fail(exception);
        }
    }

    /// <summary>Stops the calls in flight. Their results are unavailable.</summary>
    public void Dispose() => _stopping.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await IdleAsync();
    }

    /// <summary>Completes when the calls that are in flight now have ended.</summary>
    public async Task IdleAsync()
    {
        foreach (InFlightCall call in calls.All)
            await ((Task)call.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Finds the result that another call has stored since the request missed the cache.</summary>
    private IntrospectionResult? FindCached(InFlightCall call, TimeSpan? requiredFreshness)
    {
        if (FindFresh(call, requiredFreshness) is null)
            return null;

        // Once more when no request can join any longer: one that arrives after a removal must not get what was removed.
        calls.EndJoining(call);
        return FindFresh(call, requiredFreshness);
    }

    private IntrospectionResult? FindFresh(InFlightCall call, TimeSpan? requiredFreshness) =>
        cache.FindResult(call.Server.Scheme, call.Key, requiredFreshness, EntryState.Fresh) is { } result
        && call.Server.Trusts(result.ObtainedAt, call.Server.Now)
            ? result
            : null;

    private Task<IntrospectionResult> ObtainAsync(InFlightCall call, TimeSpan? requiredFreshness) =>
        call.Server.Fleet is { } fleet
            ? fleetCalls.RunAsync(call, fleet, requiredFreshness, waited => IntrospectAsync(call, waited), _stopping.Token)
            : IntrospectAsync(call, TimeSpan.Zero);

    private async Task<IntrospectionResult> IntrospectAsync(InFlightCall call, TimeSpan waited)
    {
        using Activity? activity = activities.Start(call.Server.Name);
        call.Span = activity;
        try
        {
            using var introspection = new IntrospectionCall(call.Server.Scheme, call.Token, _stopping.Token, waited)
            {
                IsRefresh = call.RefreshedEntry is not null,
                OnSending = () => RecordAsking(call),
            };
            IntrospectionResult result = await introspector.IntrospectAsync(call.Server, introspection);
            IntrospectionActivities.End(activity, result.OutcomeName, result.Unavailability?.ErrorType);
            call.Endpoint = introspection.DiscoveredEndpoint?.OriginalString;
            Store(call, result);
            return result;
        }
        catch (Exception exception)
        {
            IntrospectionActivities.Fail(activity, exception);
            throw;
        }
    }

    private void RecordAsking(InFlightCall call)
    {
        call.Stamp = call.Server.Fleet?.FindStamp(); // first: a removal that is applied in between is newer than the stamp
        calls.RecordAsking(call);
    }

    private void Store(InFlightCall call, IntrospectionResult result)
    {
        if (result.IsUnavailable)
            return;

        call.RecordResult(result);
        cache.Set(call.Server.Scheme, call.Key, result, call.Number, () => call.MayStore(result));
    }

    private void End(InFlightCall call, Unavailability? unavailability)
    {
        // A refreshed entry has usually been replaced. It is still there when the result was unavailable or was not stored.
        call.RefreshedEntry?.PostponeRefresh(call.Server.Now, unavailability?.RetryAfter ?? Unavailability.DefaultRetryAfter);
        calls.Remove(call);
    }
}

using System.Security.Cryptography;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Resilience;

namespace IntrospectionAuth.HealthChecks;

/// <summary>Asks one authorization server about a token that nobody has, once for all who want to know, and remembers the outcome for an interval.</summary>
internal sealed class ServerProbe(string scheme, OAuthIntrospectionOptions options, GuardedClient client, CancellationToken stopping)
{
    private readonly Lock _lock = new();
    private Task<IntrospectionResult>? _latest;
    private DateTimeOffset _endedAt;

    public Task<IntrospectionResult> AskAsync(TimeSpan interval)
    {
        lock (_lock)
        {
            if (_latest is null || (_latest.IsCompleted && !IsRemembered(_latest, interval)))
                _latest = Begin();
            return _latest;
        }
    }

    private bool IsRemembered(Task<IntrospectionResult> latest, TimeSpan interval)
    {
        // What was not asked cost the server nothing, and may be over before the interval is.
        if (latest.IsCompletedSuccessfully && latest.Result.Unavailability is { WasAsked: false })
            return false;

        TimeSpan age = options.Now - _endedAt;
        return age >= TimeSpan.Zero && age < interval;
    }

    private Task<IntrospectionResult> Begin()
    {
        // Unsafe: the probe belongs to no request and to no check; whoever goes away cancels nothing.
        var completion = new TaskCompletionSource<IntrospectionResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Self.RunAsync(state.completion), (Self: this, completion), preferLocal: false);
        return completion.Task;
    }

    private async Task RunAsync(TaskCompletionSource<IntrospectionResult> completion)
    {
        try
        {
            string token = RandomNumberGenerator.GetHexString(32, lowercase: true);
            IntrospectionResult result = await client.IntrospectAsync(scheme, options, token, isRefresh: false, asking: null, stopping); // and into no cache
            _endedAt = options.Now;
            completion.SetResult(result);
        }
        catch (Exception exception)
        {
            _endedAt = options.Now;
            completion.SetException(exception);
            _ = completion.Task.Exception; // observed, even when everybody has gone
        }
    }
}

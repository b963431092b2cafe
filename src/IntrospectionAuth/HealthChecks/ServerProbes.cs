using System.Runtime.CompilerServices;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Resilience;

namespace IntrospectionAuth.HealthChecks;

/// <summary>Knows of each authorization server when it has last answered, and asks it when nobody else has lately.</summary>
internal sealed class ServerProbes(GuardedClient client) : IDisposable
{
    // By options, as the guards are: what was true of the old server says nothing about the new.
    private readonly ConditionalWeakTable<OAuthIntrospectionOptions, ServerProbe> _probes = [];
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Whether the server has answered anybody's call within the interval, and since then neither has a call failed nor is anybody kept from calling.</summary>
    public bool HasResponded(string scheme, OAuthIntrospectionOptions options, TimeSpan interval)
    {
        ServerGuard guard = client.GetGuard(scheme, options);
        TimeSpan? age = options.Now - guard.LastResponseAt;
        return age >= TimeSpan.Zero && age < interval && guard is { BreakerState: 0, UsableIn.Ticks: 0 };
    }

    /// <summary>Whether nothing has come for a while but statuses that are taken for inactive tokens.</summary>
    public bool IsDoubtful(string scheme, OAuthIntrospectionOptions options) => client.GetGuard(scheme, options).Evidence.IsDoubtful;

    /// <summary>Asks the server, or tells what came of asking it within the interval.</summary>
    public Task<IntrospectionResult> AskAsync(string scheme, OAuthIntrospectionOptions options, TimeSpan interval) =>
        _probes.GetValue(options, it => new ServerProbe(scheme, it, client, _stopping.Token)).AskAsync(interval);

    public void Dispose() => _stopping.Cancel();
}

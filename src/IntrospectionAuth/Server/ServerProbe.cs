using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Server;

/// <summary>Introspects a random token, once for all health checks that wait for it, and keeps the result for an interval.</summary>
internal sealed class ServerProbe
{
    private readonly SchemeServer _server;
    private readonly Remembered<Probe> _latest;

    public ServerProbe(SchemeServer server, ServerIntrospector introspector, CancellationToken stopping)
    {
        _server = server;
        _latest = new(
            async (_, _) =>
            {
                string token = RandomNumberGenerator.GetHexString(32, lowercase: true);
                using var call = new IntrospectionCall(server.Scheme, token, stopping) { IsProbe = true };
                IntrospectionResult result = await introspector.IntrospectAsync(server, call);
                return new Probe(result, exception: null, server.Now);
            },
            isGood: static _ => true, // a failure is kept too
            fail: exception => new Probe(result: null, exception, server.Now)
        );
    }

    public async Task<IntrospectionResult> ProbeAsync(TimeSpan interval)
    {
        Probe probe = await _latest.FindAsync(_server.Options, known => IsRemembered(known, interval));
        if (probe.Exception is { } exception)
            ExceptionDispatchInfo.Throw(exception);
        return probe.Result!;
    }

    private bool IsRemembered(Probe probe, TimeSpan interval)
    {
        // A call that was not made costs the server nothing, and its reason may be over before the interval is.
        if (probe.Result?.Unavailability is { IsServerCalled: false })
            return false;

        TimeSpan age = _server.Now - probe.EndedAt;
        return age >= TimeSpan.Zero && age < interval;
    }

    private sealed class Probe(IntrospectionResult? result, Exception? exception, DateTimeOffset endedAt)
    {
        public IntrospectionResult? Result { get; } = result;

        public Exception? Exception { get; } = exception;

        public DateTimeOffset EndedAt { get; } = endedAt;
    }
}

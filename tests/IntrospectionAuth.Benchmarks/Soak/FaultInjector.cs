using System.Globalization;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Benchmarks.Soak;

/// <summary>Injects one fault after another, with time to recover in between.</summary>
internal sealed class FaultInjector(FakeAuthorizationServer server, Gate gate, FaultLog log, TimeProvider clock)
{
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(7);

    // Longer than the time in which 503 is allowed after a fault (Timeout, pause and slack), so that 503 is also tested without a fault.
    private static readonly TimeSpan s_calm = TimeSpan.FromSeconds(14);

    public SortedDictionary<string, int> Injected { get; } = new(StringComparer.Ordinal);

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await Task.Delay(s_calm, clock, stop);
            for (int turn = 0; !stop.IsCancellationRequested; turn++)
            {
                Fault[] faults = Faults();
                Fault fault = faults[turn % faults.Length];
                Injected[fault.Name] = Injected.GetValueOrDefault(fault.Name) + 1;
                await InjectAsync(fault, TimeSpan.FromSeconds(1 + (turn * 7 % 4)), stop);
                await Task.Delay(fault.RetryAfter + s_calm, clock, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The load has ended.
        }
    }

    private async Task InjectAsync(Fault fault, TimeSpan duration, CancellationToken stop)
    {
        log.Begin(clock.GetUtcNow());
        try
        {
            await fault.Begin();
            await Task.Delay(duration, clock, stop);
        }
        finally
        {
            server.ResetBehavior();
            if (fault.Name == "refuse")
                gate.Open();
            log.End(clock.GetUtcNow() + SoakSettings.TailAfter(SoakSettings.Timeout, fault.RetryAfter));
        }
    }

    private Fault[] Faults() =>
        [
            new("refuse", gate.CloseAsync),
            new(
                "reset",
                () =>
                    Do(() =>
                        server.RespondWith(context =>
                        {
                            gate.Reset();
                            return server.RespondNormallyAsync(context);
                        })
                    )
            ),
            new("disconnect", () => Do(() => server.Disconnect())),
            new("hang", () => Do(() => server.NeverRespond())),
            new("500", () => Do(() => server.RespondWith(500, "oops", "text/plain"))),
            new("503 with Retry-After", () => Do(() => server.RespondWith(503, headers: [new("Retry-After", Seconds(s_retryAfter))])))
            {
                RetryAfter = s_retryAfter,
            },
            new("429 with Retry-After", () => Do(() => server.RespondWith(429, headers: [new("Retry-After", Seconds(s_retryAfter))])))
            {
                RetryAfter = s_retryAfter,
            },
            new("429 with a date", () => Do(() => server.RespondWith(429, headers: [new("Retry-After", Date(s_retryAfter))])))
            {
                RetryAfter = s_retryAfter,
            },
            new(
                "a page instead of JSON",
                () => Do(() => server.RespondWith(200, "<!doctype html><title>Please log in</title>", "text/html"))
            ),
            new("broken JSON", () => Do(() => server.RespondWith(200, """{"active":true,"sub":"user-1","scope":"read"""))),
            new("active as a string", () => Do(() => server.RespondWith(200, """{"active":"true","sub":"user-1","scope":"read"}"""))),
            new("credentials refused", () => Do(() => server.RespondWith(401, """{"error":"invalid_client"}"""))),
            new("slow", () => Do(() => server.RespondAfter(TimeSpan.FromSeconds(1)))),
            new("a body that drips", () => Do(() => server.DripBody(" ", TimeSpan.FromMilliseconds(200), start: "{"))),
            new("every third call fails", () => Do(() => server.RespondWith(FailSometimesAsync))),
        ];

    private Task FailSometimesAsync(HttpContext context)
    {
        if (Random.Shared.Next(3) > 0)
            return server.RespondNormallyAsync(context);
        context.Response.StatusCode = StatusCodes.Status502BadGateway;
        return Task.CompletedTask;
    }

    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    private string Date(TimeSpan time) => (clock.GetUtcNow() + time).ToString("R", CultureInfo.InvariantCulture);
}

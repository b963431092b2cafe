using System.Threading.RateLimiting;
using CsCheck;
using IntrospectionAuth.Resilience;
using Microsoft.Extensions.Time.Testing;

namespace IntrospectionAuth.Tests.Histories;

/// <summary>Random histories of calls that enter and leave, compared with a list of places and a queue.</summary>
public sealed class CallLimiterHistoryTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1); // Only what never happens takes that long.

    private enum Kind
    {
        Enter,
        EnterForRefresh,
        Leave,
        Wait,
        Cancel,
    }

    private static Gen<Step[]> Steps { get; } =
        Gen.Select(Gen.Enum<Kind>(), Gen.Int[0, 3], static (kind, number) => new Step(kind, number)).Array[0, 40];

    [Fact]
    public Task A_call_gets_the_next_free_place_or_none_within_its_wait() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[0, 2], Steps)
            .SampleAsync(
                static async (places, seconds, steps) =>
                {
                    using var comparison = new Comparison(places, TimeSpan.FromSeconds(seconds));
                    foreach (Step step in steps)
                    {
                        if (!await comparison.HoldsAsync(step))
                            return false;
                    }

                    return true;
                },
                iter: History.Count
            );

    private sealed record Step(Kind Kind, int Number);

    private sealed class Comparison : IDisposable
    {
        private readonly FakeTimeProvider _time = new();
        private readonly int _places;
        private readonly TimeSpan _maximumWait;
        private readonly CallLimiter _limiter;
        private readonly List<RateLimitLease> _entered = [];
        private readonly List<Waiter> _queue = [];

        public Comparison(int places, TimeSpan maximumWait)
        {
            _places = places;
            _maximumWait = maximumWait;
            _limiter = new CallLimiter(
                new OAuthIntrospectionResilienceOptions { MaximumConcurrentCalls = places, MaximumWait = maximumWait },
                TimeSpan.FromSeconds(10),
                _time
            );
        }

        public async Task<bool> HoldsAsync(Step step)
        {
            bool holds = step.Kind switch
            {
                Kind.Enter => await EnterAsync(isRefresh: false),
                Kind.EnterForRefresh => await EnterAsync(isRefresh: true),
                Kind.Leave when step.Number < _entered.Count => await LeaveAsync(step.Number),
                Kind.Wait => await WaitAsync(TimeSpan.FromSeconds(step.Number)),
                Kind.Cancel when step.Number < _queue.Count => await CancelAsync(step.Number),
                _ => true,
            };
            return holds && _entered.Count <= _places && _queue.TrueForAll(static it => !it.Task.IsCompleted);
        }

        public void Dispose() => _limiter.Dispose();

        private async Task<bool> EnterAsync(bool isRefresh)
        {
            var caller = new CancellationTokenSource();
            Task<RateLimitLease?> entering = _limiter.EnterAsync(isRefresh, caller.Token).AsTask();
            if (_entered.Count < _places)
                return TryAdd(await entering.WaitAsync(s_patience));
            if (_maximumWait == TimeSpan.Zero && !isRefresh)
                return await entering.WaitAsync(s_patience) is null;

            _queue.Add(new Waiter(entering, caller, isRefresh ? DateTimeOffset.MaxValue : _time.GetUtcNow() + _maximumWait));
            return true;
        }

        private async Task<bool> LeaveAsync(int number)
        {
            _entered[number].Dispose();
            _entered.RemoveAt(number);
            if (_queue.Count == 0)
                return true;

            Waiter next = _queue[0];
            _queue.RemoveAt(0);
            return TryAdd(await next.Task.WaitAsync(s_patience));
        }

        private async Task<bool> WaitAsync(TimeSpan duration)
        {
            _time.Advance(duration);
            Waiter[] ended = [.. _queue.Where(it => it.Until <= _time.GetUtcNow())];
            foreach (Waiter waiter in ended)
            {
                _queue.Remove(waiter);
                if (await waiter.Task.WaitAsync(s_patience) is not null)
                    return false;
            }

            return true;
        }

        private async Task<bool> CancelAsync(int number)
        {
            Waiter waiter = _queue[number];
            _queue.RemoveAt(number);
            await waiter.Caller.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiter.Task.WaitAsync(s_patience));
            return true;
        }

        private bool TryAdd(RateLimitLease? lease)
        {
            if (lease is null)
                return false;
            _entered.Add(lease);
            return true;
        }
    }

    private sealed record Waiter(Task<RateLimitLease?> Task, CancellationTokenSource Caller, DateTimeOffset Until);
}

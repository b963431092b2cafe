using System.Collections.Concurrent;
using CsCheck;
using IntrospectionAuth.Replay;

namespace IntrospectionAuth.Tests.Histories;

/// <summary>Random histories of ids that may be used once, compared with a list of all uses.</summary>
public sealed class UsedIdHistoryTests
{
    private const int Capacity = 6;

    private static readonly DateTimeOffset s_start = DateTimeOffset.UnixEpoch.AddYears(50);

    private static Gen<Use[]> Uses { get; } =
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 40], Gen.Int[-5, 15], static (id, lifetime, wait) => new Use(id, lifetime, wait)).Array[0, 60];

    [Fact]
    public void An_id_is_accepted_once_before_it_expires_also_if_the_clock_is_set_back() =>
        Uses.Sample(
            static uses =>
            {
                var ids = new UsedIds(Capacity);
                var accepted = new List<(int Id, DateTimeOffset ExpiresAt)>();
                DateTimeOffset now = s_start,
                    latest = s_start;
                foreach ((int id, int lifetime, int wait) in uses)
                {
                    now += TimeSpan.FromSeconds(wait);
                    latest = now > latest ? now : latest;
                    DateTimeOffset expiresAt = now + TimeSpan.FromSeconds(lifetime);
                    IdUse use = ids.Add((UInt128)id, expiresAt, now);

                    // Ids are kept in sets of 10 seconds, so one may be kept for so much longer.
                    bool mustBeKnown = accepted.Exists(it => it.Id == id && it.ExpiresAt >= latest);
                    bool mayBeKnown = accepted.Exists(it => it.Id == id && it.ExpiresAt >= latest - TimeSpan.FromSeconds(10));
                    bool mayBePast = expiresAt < latest;
                    int kept = accepted.Count(it => it.ExpiresAt >= latest);
                    int mostKept = accepted.Count(it => it.ExpiresAt >= latest - TimeSpan.FromSeconds(10));
                    bool holds = use switch
                    {
                        IdUse.First => !mustBeKnown && kept < Capacity,
                        IdUse.Replayed => mayBeKnown || mayBePast,
                        _ => !mustBeKnown && mostKept >= Capacity,
                    };
                    if (!holds)
                        return false;
                    if (use == IdUse.First)
                        accepted.Add((id, expiresAt));
                }

                return true;
            },
            iter: History.Count
        );

    [Fact]
    public void Of_concurrent_uses_of_an_id_one_is_the_first() =>
        Gen.Const(static () => new Observed())
            .SampleParallel(
                Gen.Int[0, 2].Operation<Observed>(static (observed, id) => observed.Use(id)),
                equal: static (one, other) => one.State() == other.State(),
                iter: History.CountOfConcurrent,
                threads: 2
            );

    private sealed record Use(int Id, int Lifetime, int Wait);

    /// <summary>A store with the results of its uses.</summary>
    private sealed class Observed
    {
        private readonly UsedIds _ids = new(Capacity);
        private readonly ConcurrentDictionary<string, int> _results = new(StringComparer.Ordinal); // how often there was each

        public void Use(int id) =>
            _results.AddOrUpdate($"{id}: {_ids.Add((UInt128)id, s_start.AddMinutes(1), s_start)}", 1, static (_, count) => count + 1);

        public string State() => string.Join(", ", _results.OrderBy(static it => it.Key, StringComparer.Ordinal));
    }
}

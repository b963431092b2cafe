using System.Buffers.Binary;
using CsCheck;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Calls;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Server;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Histories;

/// <summary>
/// Random histories of calls in flight, compared with a list of all that has happened: which call a request joins, which results may be
/// stored, and which are superseded.
/// </summary>
public sealed class InFlightCallHistoryTests
{
    private const int Keys = 2;

    private static readonly DateTimeOffset s_start = DateTimeOffset.UnixEpoch.AddYears(50);
    private static readonly IntrospectionResult s_active = IntrospectionResult.Active(
        IntrospectionResponseReader.Read("""{"active":true,"sub":"alice"}"""u8, s_start).Response!,
        s_start,
        serverMaximumAge: null
    );
    private static readonly IntrospectionResult s_inactive = IntrospectionResult.Inactive(s_start);

    private enum Kind
    {
        Join,
        JoinWithoutAge,
        Refresh,
        Ask,
        Removal,
        RemovalOfAll,
        RemovalOfSubject,
        Active,
        Inactive,
        Failure,
    }

    private static Gen<Step[]> Steps { get; } =
        Gen.Select(Gen.Enum<Kind>(), Gen.Int[0, Keys - 1], Gen.Int[0, 9], static (kind, key, call) => new Step(kind, key, call)).Array[
            0,
            40
        ];

    [Fact]
    public async Task Calls_are_joined_stored_and_superseded_by_what_has_happened_since_they_asked()
    {
        await using var fake = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(fake);
        SchemeServer server = api
            .Services.GetRequiredService<SchemeServers>()
            .Get(
                OAuthIntrospectionDefaults.AuthenticationScheme,
                api.Services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>()
                    .Get(OAuthIntrospectionDefaults.AuthenticationScheme)
            );

        Steps.Sample(steps => new Comparison(server).Holds(steps), iter: History.Count);
    }

    private static CacheKey KeyOf(int number)
    {
        CacheKey key = default;
        BinaryPrimitives.WriteInt32LittleEndian(key, number);
        return key;
    }

    private sealed record Step(Kind Kind, int Key, int Call);

    /// <summary>The real calls, and beside them the history: for each call when it began or last asked, and what came after.</summary>
    private sealed class Comparison(SchemeServer server)
    {
        private readonly InFlightCalls _calls = new();
        private readonly List<Begun> _begun = [];
        private readonly List<(int At, int? Key, bool IsOfActive)> _removals = [];
        private readonly List<(int Key, int AskedAt, bool IsInactive)> _results = [];
        private readonly Begun?[] _joinable = new Begun?[Keys];
        private int _now;

        public bool Holds(Step[] steps) => steps.All(Holds);

        private bool Holds(Step step)
        {
            _now++;
            string token = $"token-{step.Key}";
            CacheKey key = KeyOf(step.Key);
            Begun? call = _begun.Where(static it => !it.HasEnded).ElementAtOrDefault(step.Call);
            switch (step.Kind)
            {
                case Kind.Join:
                case Kind.JoinWithoutAge:
                    bool joins = step.Kind == Kind.Join;
                    TimeSpan? maximumAge = joins ? null : TimeSpan.Zero;
                    InFlightCall joined = _calls.JoinOrAdd(server, key, token, maximumAge, _calls.LatestNumber, out bool isAdded);
                    if (joins && _joinable[step.Key] is { } expected)
                        return !isAdded && joined == expected.Call;
                    Add(joined, step.Key, isJoinable: joins);
                    return isAdded;

                case Kind.Refresh:
                    bool canBeJoined = _joinable[step.Key] is not null;
                    InFlightCall? refresh = _calls.TryAddRefresh(server, new CacheEntry(key, s_active), token);
                    if (refresh is not null)
                        Add(refresh, step.Key, isJoinable: true);
                    return (refresh is null) == canBeJoined;

                case Kind.Ask when call is not null:
                    _calls.RecordAsking(call.Call);
                    call.AskedAt = _now;
                    return true;

                case Kind.Removal:
                    _calls.RecordRemoval(token);
                    _removals.Add((_now, step.Key, IsOfActive: false));
                    _joinable[step.Key] = null;
                    return true;

                case Kind.RemovalOfAll:
                    _calls.RecordRemovalOfAll();
                    _removals.Add((_now, Key: null, IsOfActive: false));
                    return true;

                case Kind.RemovalOfSubject:
                    _calls.RecordRemoval(static _ => static _ => true); // of every active response
                    _removals.Add((_now, Key: null, IsOfActive: true));
                    return true;

                case Kind.Active when call is not null:
                    return EndsAsExpected(call, s_active);

                case Kind.Inactive when call is not null:
                    return EndsAsExpected(call, s_inactive);

                case Kind.Failure when call is not null:
                    End(call);
                    return true;

                default:
                    return true;
            }
        }

        private void Add(InFlightCall call, int key, bool isJoinable)
        {
            var begun = new Begun(call, key) { AskedAt = _now };
            _begun.Add(begun);
            if (isJoinable)
                _joinable[key] = begun;
        }

        /// <summary>What <see cref="CallRunner"/> does with a result: records it, stores it if it may, and ends the call.</summary>
        private bool EndsAsExpected(Begun call, IntrospectionResult result)
        {
            bool isInactive = result.Response is null;
            call.Call.RecordResult(result);
            _results.Add((call.Key, call.AskedAt, isInactive));

            bool isRemoved = _removals.Exists(it =>
                it.At > call.AskedAt && (it.Key is null || it.Key == call.Key) && (!it.IsOfActive || !isInactive)
            );
            bool hasNewerInactive = _results.Exists(it => it.Key == call.Key && it.IsInactive && it.AskedAt > call.AskedAt);
            bool hasNewer = _results.Exists(it => it.Key == call.Key && it.AskedAt > call.AskedAt);
            Supersession expected =
                !isInactive && hasNewerInactive ? Supersession.NewerResult
                : isRemoved ? Supersession.Removal
                : Supersession.None;

            bool holds =
                call.Call.FindSupersession(result) == expected
                && call.Call.MayStore(result) == (expected == Supersession.None && !hasNewer);
            End(call);
            return holds;
        }

        private void End(Begun call)
        {
            _calls.Remove(call.Call);
            call.HasEnded = true;
            if (_joinable[call.Key] == call)
                _joinable[call.Key] = null;
        }
    }

    private sealed class Begun(InFlightCall call, int key)
    {
        public InFlightCall Call { get; } = call;

        public int Key { get; } = key;

        public int AskedAt { get; set; }

        public bool HasEnded { get; set; }
    }
}

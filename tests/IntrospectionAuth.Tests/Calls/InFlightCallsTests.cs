using System.Diagnostics.Metrics;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Calls;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Removals;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Server;
using IntrospectionAuth.Telemetry;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntrospectionAuth.Tests.Calls;

/// <summary>The rules that <see cref="InFlightCalls"/> states, one by one.</summary>
public sealed class InFlightCallsTests
{
    private static readonly DateTimeOffset s_now = ManualTimeProvider.Start;
    private static readonly IntrospectionResult s_inactive = IntrospectionResult.Inactive(s_now);

    private readonly ManualTimeProvider _time = new();
    private readonly CacheKeys _keys = new();
    private readonly InFlightCalls _calls = new();
    private readonly OAuthIntrospectionOptions _options;

    public InFlightCallsTests() =>
        _options = new()
        {
            IntrospectionEndpoint = "https://auth.example.com/introspect",
            ClientId = "api",
            TimeProvider = _time,
        };

    [Fact]
    public void Requests_with_one_token_join_one_call()
    {
        InFlightCall first = JoinOrAdd(out bool isFirstAdded);
        InFlightCall second = JoinOrAdd(out bool isSecondAdded);

        Assert.Same(first, second);
        Assert.Equal((true, false), (isFirstAdded, isSecondAdded));
    }

    [Fact]
    public void Requests_with_different_tokens_or_schemes_join_no_common_call()
    {
        InFlightCall call = JoinOrAdd();

        Assert.NotSame(call, JoinOrAdd(token: "other"));
        Assert.NotSame(call, JoinOrAdd(scheme: "other"));
    }

    [Fact]
    public void A_request_that_accepts_no_age_neither_joins_a_call_nor_shares_its_own()
    {
        InFlightCall shared = JoinOrAdd();

        InFlightCall own = JoinOrAdd(maximumAge: TimeSpan.Zero);

        Assert.NotSame(shared, own);
        Assert.Same(shared, JoinOrAdd());
    }

    [Fact]
    public void A_call_sent_too_long_ago_is_replaced_for_later_requests()
    {
        InFlightCall old = JoinOrAdd();
        _calls.RecordAsking(old);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Same(old, JoinOrAdd(maximumAge: TimeSpan.FromSeconds(11)));
        InFlightCall young = JoinOrAdd(maximumAge: TimeSpan.FromSeconds(10));

        Assert.NotSame(old, young);
        Assert.Same(young, JoinOrAdd());
    }

    [Fact]
    public void A_call_sent_again_after_the_request_arrived_is_never_too_old()
    {
        InFlightCall call = JoinOrAdd();
        _calls.RecordAsking(call);
        long arrival = _calls.LatestNumber;
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.Zero, call.TimeUntilTooOld(TimeSpan.FromSeconds(10), arrival, _time.GetUtcNow()));

        _calls.RecordAsking(call);

        Assert.Equal(TimeSpan.MaxValue, call.TimeUntilTooOld(TimeSpan.FromSeconds(10), arrival, _time.GetUtcNow()));
        Assert.True(call.WasAskedAfter(arrival));
    }

    [Fact]
    public void A_call_that_has_not_been_sent_yet_is_not_too_old()
    {
        InFlightCall call = JoinOrAdd();
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Same(call, JoinOrAdd(maximumAge: TimeSpan.FromSeconds(1)));
        Assert.False(call.WasAskedAfter(0));
    }

    [Fact]
    public void A_refresh_is_added_only_when_no_call_about_the_token_can_be_joined()
    {
        SchemeServer server = _keys.ServerOf("scheme", _options);
        var entry = new CacheEntry(_keys.Build("scheme", _options, "token"), Active());

        InFlightCall? refresh = _calls.TryAddRefresh(server, entry, "token");

        Assert.Same(entry, refresh!.RefreshedEntry);
        Assert.True(refresh.IsKnownActive);
        Assert.False(JoinOrAdd(token: "other").IsKnownActive);
        Assert.Null(_calls.TryAddRefresh(server, entry, "token"));
        Assert.Same(refresh, JoinOrAdd());
    }

    [Fact]
    public void A_call_that_has_ended_is_not_joined()
    {
        InFlightCall ended = JoinOrAdd();

        _calls.Remove(ended);

        Assert.Empty(_calls.All);
        Assert.NotSame(ended, JoinOrAdd());
    }

    [Fact]
    public void A_call_that_has_ended_is_not_joined_while_another_about_the_token_is_in_flight()
    {
        InFlightCall ended = JoinOrAdd();
        JoinOrAdd(maximumAge: TimeSpan.Zero);

        _calls.Remove(ended);

        Assert.NotSame(ended, JoinOrAdd());
    }

    [Fact]
    public void What_the_calls_about_a_token_share_is_kept_until_the_last_of_them_has_ended()
    {
        InFlightCall first = JoinOrAdd(),
            second = JoinOrAdd(maximumAge: TimeSpan.Zero);

        _calls.Remove(first);
        InFlightCall third = JoinOrAdd();
        Assert.Same(first.Siblings, third.Siblings);
        _calls.Remove(second);
        _calls.Remove(third);

        Assert.NotSame(first.Siblings, JoinOrAdd().Siblings);
    }

    [Fact]
    public void A_call_sent_again_takes_the_latest_number()
    {
        InFlightCall call = JoinOrAdd();
        JoinOrAdd(token: "other");

        _calls.RecordAsking(call);

        Assert.Equal(3, call.Number);
        Assert.Equal(3, _calls.LatestNumber);
    }

    [Fact]
    public void The_end_of_a_replaced_call_does_not_prevent_joining_its_replacement()
    {
        InFlightCall old = JoinOrAdd();
        _calls.RecordAsking(old);
        _time.Advance(TimeSpan.FromSeconds(10));
        InFlightCall young = JoinOrAdd(maximumAge: TimeSpan.FromSeconds(10));

        _calls.Remove(old);

        Assert.Same(young, JoinOrAdd());
        Assert.Equal([young], _calls.All);
    }

    [Fact]
    public void Removing_a_token_supersedes_every_result_of_its_calls_and_ends_their_joining()
    {
        InFlightCall call = JoinOrAdd(),
            other = JoinOrAdd(token: "other");
        _calls.RecordAsking(call);
        _calls.RecordAsking(other);

        _calls.RecordRemoval("token");

        Assert.Equal(Supersession.Removal, call.FindSupersession(Active()));
        Assert.Equal(Supersession.Removal, call.FindSupersession(s_inactive));
        Assert.False(call.MayStore(Active()));
        Assert.NotSame(call, JoinOrAdd());
        Assert.Equal(Supersession.None, other.FindSupersession(Active()));
        Assert.Same(other, JoinOrAdd(token: "other"));
    }

    [Fact]
    public void Removing_active_responses_supersedes_those_that_match()
    {
        InFlightCall call = JoinOrAdd();
        _calls.RecordAsking(call);

        _calls.RecordRemoval(static _ => static response => response.Members.Any(member => member.Text == "removed"));

        Assert.Equal(Supersession.Removal, call.FindSupersession(Active("removed")));
        Assert.Equal(Supersession.None, call.FindSupersession(Active("other")));
        Assert.Equal(Supersession.None, call.FindSupersession(s_inactive));
    }

    [Fact]
    public void A_later_removal_does_not_hide_an_earlier_one()
    {
        InFlightCall call = JoinOrAdd();
        _calls.RecordAsking(call);

        call.RecordRemoval(static result => result.Response is not null);
        call.RecordRemoval(static _ => false);

        Assert.Equal(Supersession.Removal, call.FindSupersession(Active()));
    }

    [Fact]
    public void Removing_everything_supersedes_the_result_of_every_call()
    {
        InFlightCall call = JoinOrAdd(),
            other = JoinOrAdd(scheme: "other");

        _calls.RecordRemovalOfAll();

        Assert.Equal(Supersession.Removal, call.FindSupersession(s_inactive));
        Assert.Equal(Supersession.Removal, other.FindSupersession(Active()));
    }

    [Fact]
    public void Removing_the_entries_of_a_scheme_supersedes_the_results_of_its_calls()
    {
        InFlightCall call = JoinOrAdd(),
            other = JoinOrAdd(scheme: "other");

        _calls.RecordRemovalOfScheme("scheme");

        Assert.Equal(Supersession.Removal, call.FindSupersession(s_inactive));
        Assert.Equal(Supersession.None, other.FindSupersession(s_inactive));
    }

    [Fact]
    public void A_removal_does_not_supersede_the_result_of_a_call_sent_afterwards()
    {
        InFlightCall call = JoinOrAdd();
        _calls.RecordAsking(call);
        _calls.RecordRemoval("token");

        _calls.RecordAsking(call);

        Assert.Equal(Supersession.None, call.FindSupersession(Active()));
        Assert.True(call.MayStore(Active()));
    }

    [Theory]
    [InlineData(true, true, false, false)] // a newer active result: the older one may serve, but is not stored
    [InlineData(true, false, true, false)]
    [InlineData(false, true, false, false)]
    [InlineData(false, false, false, false)]
    public void A_newer_result_prevents_storing_and_supersedes_when_it_is_inactive_and_the_older_one_active(
        bool isOlderActive,
        bool isNewerActive,
        bool isSuperseded,
        bool mayStore
    )
    {
        IntrospectionResult result = isOlderActive ? Active() : s_inactive;
        InFlightCall older = JoinOrAdd(),
            newer = JoinOrAdd(maximumAge: TimeSpan.Zero);
        _calls.RecordAsking(older);
        _calls.RecordAsking(newer);

        newer.RecordResult(isNewerActive ? Active() : s_inactive);
        _calls.Remove(newer);

        Assert.Equal(isSuperseded ? Supersession.NewerResult : Supersession.None, older.FindSupersession(result));
        Assert.Equal(mayStore, older.MayStore(result));
    }

    [Fact]
    public void The_result_of_a_call_sent_again_is_newer_than_that_of_a_call_sent_in_between()
    {
        InFlightCall retried = JoinOrAdd(),
            other = JoinOrAdd(maximumAge: TimeSpan.Zero);
        _calls.RecordAsking(retried);
        _calls.RecordAsking(other);
        _calls.RecordAsking(retried);

        other.RecordResult(s_inactive);

        Assert.Equal(Supersession.None, retried.FindSupersession(Active()));
        Assert.True(retried.MayStore(Active()));
    }

    [Fact]
    public void A_removal_between_the_check_and_the_storing_of_a_result_removes_its_entry()
    {
        IntrospectionCache cache = CreateCache();
        EntryRemover remover = CreateRemover(cache);
        InFlightCall call = JoinOrAdd();
        _calls.RecordAsking(call);
        Store(cache, call, Active()); // the scheme has a store that the removal visits
        int removed = 0;
        var removal = new Thread(() => removed = remover.Remove(Removal.Of(RemovalKind.Subject, "subject")));

        cache.Set(
            call.Server.Scheme,
            call.Key,
            Active(),
            call.Number,
            () =>
            {
                bool mayStore = call.MayStore(Active());
                removal.Start();
                SpinWait.SpinUntil(() => removal.ThreadState is ThreadState.WaitSleepJoin or ThreadState.Stopped);
                return mayStore;
            }
        );
        removal.Join();

        Assert.Equal(1, removed);
        Assert.Null(cache.Find("scheme", call.Key));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Removing_all_entries_removes_those_of_the_scheme_and_prevents_storing_what_is_in_flight(bool isOfScheme)
    {
        IntrospectionCache cache = CreateCache();
        InFlightCall call = JoinOrAdd();
        _calls.RecordAsking(call);
        Store(cache, call, Active());

        CreateRemover(cache).Remove(isOfScheme ? Removal.OfScheme("scheme") : Removal.Everything);

        Assert.Null(cache.Find("scheme", call.Key));
        Assert.False(call.MayStore(Active()));
    }

    [Fact]
    public void A_result_that_is_checked_after_a_removal_is_not_stored()
    {
        IntrospectionCache cache = CreateCache();
        InFlightCall call = JoinOrAdd();
        _calls.RecordAsking(call);

        CreateRemover(cache).Remove(Removal.Of(RemovalKind.Subject, "subject"));
        Store(cache, call, Active());

        Assert.Null(cache.Find("scheme", call.Key));
    }

    private InFlightCall JoinOrAdd(string token = "token", string scheme = "scheme", TimeSpan? maximumAge = null) =>
        JoinOrAdd(out _, token, scheme, maximumAge);

    private InFlightCall JoinOrAdd(out bool isAdded, string token = "token", string scheme = "scheme", TimeSpan? maximumAge = null)
    {
        CacheKey key = _keys.Build(scheme, _options, token);
        return _calls.JoinOrAdd(_keys.ServerOf(scheme, _options), key, token, maximumAge, _calls.LatestNumber, out isAdded);
    }

    private static void Store(IntrospectionCache cache, InFlightCall call, IntrospectionResult result) =>
        cache.Set(call.Server.Scheme, call.Key, result, call.Number, () => call.MayStore(result));

    private static IntrospectionCache CreateCache()
    {
        IMeterFactory meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        return new(new IntrospectionMetrics(meters), NullLogger<IntrospectionCache>.Instance);
    }

    private EntryRemover CreateRemover(IntrospectionCache cache)
    {
        IServiceCollection services = new ServiceCollection().AddLogging().AddSingleton(_calls).AddSingleton(cache);
        services.AddSingleton<IConfiguration>(new ConfigurationManager());
        services.AddAuthentication().AddOAuthIntrospection();
        return services.BuildServiceProvider().GetRequiredService<EntryRemover>();
    }

    private static IntrospectionResult Active(string subject = "subject") =>
        IntrospectionResult.Active(
            IntrospectionResponseReader
                .Read(System.Text.Encoding.UTF8.GetBytes($$"""{"active":true,"sub":"{{subject}}"}"""), DateTimeOffset.UnixEpoch)
                .Response!,
            s_now,
            serverMaximumAge: null
        );
}

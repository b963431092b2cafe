using System.Diagnostics.Metrics;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Telemetry;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntrospectionAuth.Tests.Caching;

public sealed class IntrospectionCacheTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly IntrospectionCache _cache = new(CreateMetrics(), NullLogger<IntrospectionCache>.Instance);
    private readonly CacheKeys _keys = new();
    private long _callNumber;

    [Fact]
    public void At_the_limit_each_new_entry_evicts_one()
    {
        OAuthIntrospectionOptions options = Options();
        options.Cache.MaximumEntries = 1000;

        for (int i = 0; i < 3000; i++)
        {
            Set(options, Key(options, i));
            Assert.True(Has(options, i), "a new entry is stored");
        }

        Assert.Equal(1000, Enumerable.Range(0, 3000).Count(i => Has(options, i)));
    }

    [Fact]
    public void Tokens_in_use_stay_while_tokens_that_were_used_once_are_evicted()
    {
        OAuthIntrospectionOptions options = Options();
        options.Cache.MaximumEntries = 100;
        for (int i = 0; i < 20; i++)
            Set(options, Key(options, i));

        for (int i = 20; i < 5000; i++)
        {
            Assert.True(Has(options, i % 20), "a token in use stays");
            Set(options, Key(options, i));
        }

        Assert.Equal(20, Enumerable.Range(0, 20).Count(i => Has(options, i)));
    }

    [Trait("Load", "Heavy")]
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void A_new_entry_is_stored_even_when_every_other_entry_is_in_use(int limit)
    {
        OAuthIntrospectionOptions options = Options();
        options.Cache.MaximumEntries = limit;
        for (int i = 0; i < 1000; i++)
        {
            Set(options, Key(options, i));
            Assert.Equal(Math.Min(limit, i + 1), Enumerable.Range(0, i + 1).Count(kept => Has(options, kept)));
            Assert.True(Has(options, i));
        }
    }

    [Fact]
    public void Expired_entries_are_removed_before_the_limit_is_reached()
    {
        OAuthIntrospectionOptions options = Options();
        options.Cache.MaximumEntries = 1000;
        options.Cache.DefaultAge = TimeSpan.FromMinutes(1);
        var store = new EntryStore(1000);
        for (int i = 0; i < 100; i++)
            store.Set(new CacheEntry(Key(options, i), Active()) { End = _time.GetUtcNow() + TimeSpan.FromMinutes(1) }, _time.GetUtcNow());

        _time.Advance(TimeSpan.FromMinutes(1));
        for (int i = 100; i < 200; i++)
            store.Set(new CacheEntry(Key(options, i), Active()) { End = _time.GetUtcNow() + TimeSpan.FromMinutes(1) }, _time.GetUtcNow());

        Assert.Equal(0, Enumerable.Range(0, 100).Count(i => store.TryGet(Key(options, i), out _)));
        Assert.Equal(100, Enumerable.Range(100, 100).Count(i => store.TryGet(Key(options, i), out _)));
    }

    [Fact]
    public async Task The_limit_holds_under_concurrent_changes()
    {
        OAuthIntrospectionOptions options = Options();
        var store = new EntryStore(100);
        IntrospectionResult result = Active();
        DateTimeOffset now = _time.GetUtcNow();

        await Parallel.ForAsync(
            0,
            20_000,
            (i, _) =>
            {
                CacheKey key = Key(options, i % 500);
                if (i % 7 == 0)
                    store.Remove(key);
                else
                    store.Set(new CacheEntry(key, result) { End = now + TimeSpan.FromHours(1) }, now);
                return ValueTask.CompletedTask;
            }
        );

        Assert.InRange(Enumerable.Range(0, 500).Count(i => store.TryGet(Key(options, i), out _)), 1, 100);
    }

    [Fact]
    public void Stricter_options_apply_to_existing_entries()
    {
        OAuthIntrospectionOptions before = Options();
        CacheKey key = Key(before, 1);
        Set(before, key);
        OAuthIntrospectionOptions now = Options();
        now.Cache.MaximumAge = TimeSpan.FromMinutes(1);

        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.True(Serves(before, key));
        Assert.False(Serves(now, key));
    }

    [Fact]
    public void An_entry_of_one_scheme_is_not_found_by_another_even_under_the_same_key()
    {
        OAuthIntrospectionOptions options = Options();
        CacheKey key = Key(options, 1);
        Set(options, key);

        Assert.NotNull(_cache.Find("scheme", key));
        Assert.Null(_cache.Find("other", key));
    }

    [Fact]
    public void The_result_of_an_earlier_call_does_not_replace_that_of_a_later_one()
    {
        OAuthIntrospectionOptions options = Options();
        CacheKey key = Key(options, 1);
        IntrospectionScheme scheme = _keys.ServerOf("scheme", options).Scheme;
        _cache.Set(scheme, key, IntrospectionResult.Inactive(_time.GetUtcNow()), callNumber: 5, mayStore: () => true);

        _cache.Set(scheme, key, Active(), callNumber: 4, mayStore: () => true);
        Assert.Null(_cache.Find("scheme", key)!.Response);

        _cache.Set(scheme, key, Active(), callNumber: 6, mayStore: () => true);
        Assert.NotNull(_cache.Find("scheme", key)!.Response);
    }

    [Fact]
    public void A_response_that_the_server_forbids_to_cache_is_not_stored_and_removes_the_earlier_one()
    {
        OAuthIntrospectionOptions options = Options();
        options.Cache.HonorCacheControl = true;
        for (int i = 0; i < 10; i++)
            Set(options, Key(options, i));
        CacheKey key = Key(options, 1);

        _cache.Set(_keys.ServerOf("scheme", options).Scheme, key, Active(TimeSpan.Zero), _callNumber++, mayStore: () => true);

        Assert.Null(_cache.Find("scheme", key));
    }

    [Fact]
    public void A_scheme_has_active_responses_while_one_of_them_can_be_served()
    {
        OAuthIntrospectionOptions options = Options();
        IntrospectionScheme scheme = _keys.ServerOf("scheme", options).Scheme;
        Assert.False(_cache.HasActive(scheme));

        Set(options, Key(options, 1));
        Assert.True(_cache.HasActive(scheme));
        _time.Advance(TimeSpan.FromMinutes(30));
        Set(options, Key(options, 2));
        _time.Advance(TimeSpan.FromMinutes(40));
        Assert.True(_cache.HasActive(scheme));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(_cache.HasActive(scheme));
    }

    [Fact]
    public void All_entries_of_one_scheme_or_of_every_scheme_can_be_removed()
    {
        OAuthIntrospectionOptions options = Options();
        CacheKey active = Key(options, 1),
            inactive = Key(options, 2);
        void Store(params string[] schemes)
        {
            foreach (string name in schemes)
            {
                IntrospectionScheme scheme = _keys.ServerOf(name, options).Scheme;
                _cache.Set(scheme, active, Active(), _callNumber++, mayStore: () => true);
                _cache.Set(scheme, inactive, IntrospectionResult.Inactive(_time.GetUtcNow()), _callNumber++, mayStore: () => true);
            }
        }

        bool IsEmpty(string name) => _cache.Find(name, active) is null && _cache.Find(name, inactive) is null;
        bool IsComplete(string name) => _cache.Find(name, active) is not null && _cache.Find(name, inactive) is not null;

        Store("one", "two");
        _cache.RemoveAll("unknown");
        Assert.True(IsComplete("one") && IsComplete("two"));

        _cache.RemoveAll("one");
        Assert.True(IsEmpty("one") && IsComplete("two"));

        Store("one");
        _cache.RemoveAll();
        Assert.True(IsEmpty("one") && IsEmpty("two"));
    }

    private bool Has(OAuthIntrospectionOptions options, int i) => Serves(options, Key(options, i));

    /// <summary>Serves an entry as a request would, if it exists and is fresh.</summary>
    private bool Serves(OAuthIntrospectionOptions options, CacheKey key)
    {
        if (_cache.Find("scheme", key) is not { } entry || Freshness.StateOf(entry, options.Cache, _time.GetUtcNow()) < EntryState.Fresh)
            return false;

        entry.MarkUsed();
        return true;
    }

    private void Set(OAuthIntrospectionOptions options, CacheKey key) =>
        _cache.Set(_keys.ServerOf("scheme", options).Scheme, key, Active(), _callNumber++, mayStore: () => true);

    private static IntrospectionMetrics CreateMetrics() =>
        new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());

    private CacheKey Key(OAuthIntrospectionOptions options, int i) => _keys.Build("scheme", options, $"token-{i}");

    private IntrospectionResult Active(TimeSpan? serverMaximumAge = null) =>
        IntrospectionResult.Active(
            IntrospectionResponseReader.Read("""{"active":true}"""u8, DateTimeOffset.UnixEpoch).Response!,
            _time.GetUtcNow(),
            serverMaximumAge
        );

    private OAuthIntrospectionOptions Options()
    {
        var options = new OAuthIntrospectionOptions
        {
            IntrospectionEndpoint = "https://auth.example.com/introspect",
            ClientId = "api",
            TimeProvider = _time,
        };
        options.Cache.DefaultAge = TimeSpan.FromHours(1);
        return options;
    }
}

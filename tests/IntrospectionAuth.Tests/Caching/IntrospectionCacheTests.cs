using IntrospectionAuth.Caching;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntrospectionAuth.Tests.Caching;

public sealed class IntrospectionCacheTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly IntrospectionCache _cache = new(NullLogger<IntrospectionCache>.Instance);
    private readonly CacheKeyBuilder _keys = new();

    [Fact]
    public void At_the_bound_one_answer_goes_for_each_that_comes()
    {
        OAuthIntrospectionOptions options = Options();
        options.Cache.MaximumEntries = 1000;

        for (int i = 0; i < 3000; i++)
        {
            _cache.Set("scheme", options, Key(options, i), Active());
            Assert.True(Has(options, i), "a newcomer finds a place");
        }

        Assert.Equal(1000, Enumerable.Range(0, 3000).Count(i => Has(options, i)));
    }

    [Fact]
    public void Tokens_that_are_used_stay_while_tokens_that_came_once_go()
    {
        OAuthIntrospectionOptions options = Options();
        options.Cache.MaximumEntries = 100;
        for (int i = 0; i < 20; i++)
            _cache.Set("scheme", options, Key(options, i), Active());

        for (int i = 20; i < 5000; i++)
        {
            Assert.True(Has(options, i % 20), "a token in use is kept");
            _cache.Set("scheme", options, Key(options, i), Active());
        }

        Assert.Equal(20, Enumerable.Range(0, 20).Count(i => Has(options, i)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void A_newcomer_finds_a_place_even_when_everything_else_is_in_use(int limit)
    {
        OAuthIntrospectionOptions options = Options();
        options.Cache.MaximumEntries = limit;
        for (int i = 0; i < 1000; i++)
        {
            _cache.Set("scheme", options, Key(options, i), Active());
            Assert.Equal(Math.Min(limit, i + 1), Enumerable.Range(0, i + 1).Count(kept => Has(options, kept)));
            Assert.True(Has(options, i));
        }
    }

    [Fact]
    public void Answers_that_ended_make_room_before_the_bound_is_reached()
    {
        OAuthIntrospectionOptions options = Options();
        options.Cache.MaximumEntries = 1000;
        options.Cache.DefaultAge = TimeSpan.FromMinutes(1);
        var store = new AnswerStore(1000);
        for (int i = 0; i < 100; i++)
            store.Set(Key(options, i), Active(), _time.GetUtcNow() + TimeSpan.FromMinutes(1), _time.GetUtcNow());

        _time.Advance(TimeSpan.FromMinutes(1));
        for (int i = 100; i < 200; i++)
            store.Set(Key(options, i), Active(), _time.GetUtcNow() + TimeSpan.FromMinutes(1), _time.GetUtcNow());

        Assert.Equal(0, Enumerable.Range(0, 100).Count(i => store.TryGet(Key(options, i), out _)));
        Assert.Equal(100, Enumerable.Range(100, 100).Count(i => store.TryGet(Key(options, i), out _)));
    }

    [Fact]
    public async Task Under_concurrent_changes_the_bound_holds()
    {
        OAuthIntrospectionOptions options = Options();
        var store = new AnswerStore(100);
        IntrospectionResult answer = Active();
        DateTimeOffset now = _time.GetUtcNow();

        await Parallel.ForAsync(0, 20_000, (i, _) =>
        {
            CacheKey key = Key(options, i % 500);
            if (i % 7 == 0)
                store.Remove(key);
            else
                store.Set(key, answer, now + TimeSpan.FromHours(1), now);
            return ValueTask.CompletedTask;
        });

        Assert.InRange(Enumerable.Range(0, 500).Count(i => store.TryGet(Key(options, i), out _)), 1, 100);
    }

    [Fact]
    public void Options_that_became_stricter_apply_to_answers_already_kept()
    {
        OAuthIntrospectionOptions before = Options();
        CacheKey key = Key(before, 1);
        _cache.Set("scheme", before, key, Active());
        OAuthIntrospectionOptions now = Options();
        now.Cache.MaximumAge = TimeSpan.FromMinutes(1);

        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.True(_cache.TryGet("scheme", before, key, _time.GetUtcNow(), out _));
        Assert.False(_cache.TryGet("scheme", now, key, _time.GetUtcNow(), out _));
    }

    [Fact]
    public void One_schemes_answer_is_not_found_by_another_even_under_the_same_key()
    {
        OAuthIntrospectionOptions options = Options();
        CacheKey key = Key(options, 1);
        _cache.Set("scheme", options, key, Active());

        Assert.False(_cache.TryGet("other", options, key, _time.GetUtcNow(), out _));
    }

    private bool Has(OAuthIntrospectionOptions options, int i) => _cache.TryGet("scheme", options, Key(options, i), _time.GetUtcNow(), out _);

    private CacheKey Key(OAuthIntrospectionOptions options, int i) => _keys.Build("scheme", options, $"token-{i}");

    private IntrospectionResult Active() =>
        IntrospectionResult.Active(IntrospectionResponseReader.Read("""{"active":true}"""u8).Response!, _time.GetUtcNow(), serverMaximumAge: null);

    private OAuthIntrospectionOptions Options()
    {
        var options = new OAuthIntrospectionOptions { IntrospectionEndpoint = "https://auth.example.com/introspect", ClientId = "api", TimeProvider = _time };
        options.Cache.DefaultAge = TimeSpan.FromHours(1);
        return options;
    }
}

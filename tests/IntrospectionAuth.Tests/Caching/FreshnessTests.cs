using System.Globalization;
using System.Text;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Tests.Caching;

/// <summary>The limits of reuse, to one tick. Responses are obtained at the Unix epoch, so that <c>exp</c> is an age.</summary>
public sealed class FreshnessTests
{
    private const string Active = """{"active":true}""";
    private const string UntilTen = """{"active":true,"exp":600}""";
    private const string LastsTen = """{"active":true,"expires_in":600}""";
    private const string Inactive = """{"active":false}""";

    private static readonly DateTimeOffset s_obtained = DateTimeOffset.UnixEpoch;
    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);

    private readonly OAuthIntrospectionCacheOptions _options = new() { RefreshAfter = TimeSpan.Zero, HonorCacheControl = true };

    [Theory]
    [InlineData(UntilTen, null, null, "0:10:00", "exp")]
    [InlineData(UntilTen, null, "0:10:01", "0:10:00", "exp")]
    [InlineData(UntilTen, null, "0:10:00", "0:10:00", "exp")]
    [InlineData(UntilTen, null, "0:09:59", "0:09:59", "MaximumAge")]
    [InlineData(UntilTen, null, "0:00:05", "0:00:05", "MaximumAge")]
    [InlineData(UntilTen, "0:10:01", null, "0:10:00", "exp")]
    [InlineData(UntilTen, "0:10:00", null, "0:10:00", "exp")]
    [InlineData(UntilTen, "0:09:59", null, "0:09:59", "max-age")]
    [InlineData(UntilTen, "0:09:59", "0:09:58", "0:09:58", "MaximumAge")]
    [InlineData(Active, null, null, "0:05:00", "DefaultAge")]
    [InlineData(Active, null, "0:05:01", "0:05:00", "DefaultAge")]
    [InlineData(Active, null, "0:05:00", "0:05:00", "DefaultAge")]
    [InlineData(Active, null, "0:04:59", "0:04:59", "MaximumAge")]
    [InlineData(Active, "0:05:01", null, "0:05:00", "DefaultAge")]
    [InlineData(Active, "0:05:00", null, "0:05:00", "max-age")]
    [InlineData(Active, "0:04:59", null, "0:04:59", "max-age")]
    [InlineData(LastsTen, null, null, "0:05:00", "DefaultAge")]
    [InlineData(LastsTen, null, "0:04:59", "0:04:59", "MaximumAge")]
    [InlineData(Inactive, null, null, "0:00:10", "InactiveAge")]
    [InlineData(Inactive, null, "0:01:00", "0:00:10", "InactiveAge")]
    [InlineData(Inactive, null, "0:00:10", "0:00:10", "InactiveAge")]
    [InlineData(Inactive, null, "0:00:09", "0:00:09", "MaximumAge")]
    public void A_response_is_fresh_until_its_first_limit(string body, string? maxAge, string? maximumAge, string end, string endedBy)
    {
        _options.MaximumAge = Time(maximumAge);
        CacheEntry entry = Entry(body, Time(maxAge));
        DateTimeOffset expected = s_obtained + Time(end)!.Value;

        Assert.Equal((expected, endedBy), Freshness.FreshnessEnd(entry, _options));
        Assert.Equal(expected, Freshness.FreshUntil(entry, _options));
        Assert.Equal(EntryState.Expired, StateAt(entry, s_obtained - s_tick));
        Assert.Equal(EntryState.Fresh, StateAt(entry, s_obtained));
        Assert.Equal(EntryState.Fresh, StateAt(entry, expected - s_tick));
        Assert.Equal(EntryState.Expired, StateAt(entry, expected));
    }

    [Theory]
    [InlineData(Active, "DefaultAge")]
    [InlineData(Inactive, "InactiveAge")]
    public void An_age_without_limit_is_named_as_what_decides(string body, string endedBy)
    {
        _options.DefaultAge = _options.InactiveAge = TimeSpan.MaxValue;

        Assert.Equal((DateTimeOffset.MaxValue, endedBy), Freshness.FreshnessEnd(Entry(body), _options));
    }

    [Fact]
    public void The_server_shortens_no_age_unless_its_header_is_honored()
    {
        _options.HonorCacheControl = false;

        Assert.Equal((s_obtained + TimeSpan.FromMinutes(10), "exp"), Freshness.FreshnessEnd(Entry(UntilTen, TimeSpan.Zero), _options));
    }

    [Theory]
    [InlineData(UntilTen, null, null, "0:10:00")]
    [InlineData(UntilTen, null, "0:10:00", "0:09:00")]
    [InlineData(UntilTen, "0:10:00", null, "0:09:00")]
    [InlineData(Active, null, null, "0:04:30")]
    [InlineData(Inactive, null, null, "0:00:09")]
    public void Jitter_shortens_every_age_but_not_the_expiry_of_the_token(string body, string? maxAge, string? maximumAge, string end)
    {
        _options.MaximumAge = Time(maximumAge);

        Assert.Equal(s_obtained + Time(end), Freshness.FreshUntil(Entry(body, Time(maxAge), firstByteOfKey: 255), _options));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10_000)]
    [InlineData(long.MaxValue / 2)]
    public void An_age_up_to_the_last_year_or_past_it_ends_there(long ticksPast)
    {
        TimeSpan untilLast = DateTimeOffset.MaxValue - s_obtained;

        foreach (TimeSpan age in (TimeSpan[])[untilLast - s_tick, untilLast + TimeSpan.FromTicks(ticksPast), TimeSpan.MaxValue])
        {
            _options.DefaultAge = age;
            Assert.Equal(DateTimeOffset.MaxValue, Freshness.FreshUntil(Entry(Active), _options));
        }
    }

    [Theory]
    [InlineData(UntilTen, null, "0:05:00", "0:00:00", "0:05:00")]
    [InlineData(UntilTen, null, "0:05:00", "0:01:00", "0:06:00")]
    [InlineData(UntilTen, null, "0:05:00", "0:06:00", "0:10:00")]
    [InlineData(UntilTen, null, "0:05:00", "10675199.02:48:05.4775807", "0:10:00")]
    [InlineData(UntilTen, "0:05:30", "0:05:00", "0:01:00", "0:05:30")]
    [InlineData(Active, null, null, "1:00:00", "1:05:00")]
    [InlineData(Active, "0:05:00", null, "1:00:00", "0:05:00")]
    [InlineData(LastsTen, null, null, "1:00:00", "0:10:00")]
    [InlineData(Inactive, null, null, "1:00:00", "0:00:10")]
    public void A_stale_response_is_usable_for_its_time_but_never_past_exp_or_max_age(
        string body,
        string? maxAge,
        string? maximumAge,
        string stale,
        string end
    )
    {
        _options.MaximumAge = Time(maximumAge);
        _options.StaleIfUnavailable = Time(stale)!.Value;
        CacheEntry entry = Entry(body, Time(maxAge));
        DateTimeOffset expected = s_obtained + Time(end)!.Value;
        DateTimeOffset freshUntil = Freshness.FreshUntil(entry, _options);

        Assert.Equal(expected, Freshness.UsableUntil(entry, _options));
        Assert.Equal(EntryState.Fresh, StateAt(entry, freshUntil - s_tick));
        Assert.Equal(expected > freshUntil ? EntryState.Stale : EntryState.Expired, StateAt(entry, freshUntil));
        Assert.Equal(expected > freshUntil ? EntryState.Stale : EntryState.Fresh, StateAt(entry, expected - s_tick));
        Assert.Equal(EntryState.Expired, StateAt(entry, expected));
    }

    [Fact]
    public void A_stale_response_without_any_limit_is_usable_forever()
    {
        _options.StaleIfUnavailable = TimeSpan.MaxValue;

        Assert.Equal(DateTimeOffset.MaxValue, Freshness.UsableUntil(Entry(Active), _options));
    }

    [Theory]
    [InlineData(UntilTen, 0, "0:01:00", "0:00:59.9999999", nameof(EntryState.Fresh))]
    [InlineData(UntilTen, 0, "0:01:00", "0:01:00", nameof(EntryState.RefreshDue))]
    [InlineData(UntilTen, 0, "0:01:00", "0:09:59.9999999", nameof(EntryState.RefreshDue))]
    [InlineData(UntilTen, 0, "0:01:00", "0:10:00", nameof(EntryState.Expired))]
    [InlineData(UntilTen, 255, "0:01:00", "0:00:53.9999999", nameof(EntryState.Fresh))]
    [InlineData(UntilTen, 255, "0:01:00", "0:00:54", nameof(EntryState.RefreshDue))]
    [InlineData(UntilTen, 0, "0:00:00", "0:09:59", nameof(EntryState.Fresh))]
    [InlineData(Inactive, 0, "0:00:01", "0:00:09", nameof(EntryState.Fresh))]
    public void A_refresh_is_due_from_its_time_on(string body, byte firstByteOfKey, string refreshAfter, string age, string state)
    {
        _options.RefreshAfter = Time(refreshAfter)!.Value;

        Assert.Equal(state, StateAt(Entry(body, maxAge: null, firstByteOfKey), s_obtained + Time(age)!.Value).ToString());
    }

    private EntryState StateAt(CacheEntry entry, DateTimeOffset now) => Freshness.StateOf(entry, _options, now);

    /// <summary>Creates an entry. The first byte of the key is its jitter: 0 for none, 255 for a tenth.</summary>
    private static CacheEntry Entry(string body, TimeSpan? maxAge = null, byte firstByteOfKey = 0)
    {
        CacheKey key = default;
        key[0] = firstByteOfKey;
        return new CacheEntry(key, Result(body, maxAge));
    }

    private static IntrospectionResult Result(string body, TimeSpan? maxAge = null) =>
        IntrospectionResponseReader.Read(Encoding.UTF8.GetBytes(body), s_obtained).Response is { } response
            ? IntrospectionResult.Active(response, s_obtained, maxAge)
            : IntrospectionResult.Inactive(s_obtained);

    private static TimeSpan? Time(string? text) => text is null ? null : TimeSpan.Parse(text, CultureInfo.InvariantCulture);
}

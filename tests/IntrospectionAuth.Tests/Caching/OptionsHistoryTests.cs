using System.Globalization;
using IntrospectionAuth.Caching;

namespace IntrospectionAuth.Tests.Caching;

/// <summary>Keys differ when their parts do, and removal covers all that can still be built.</summary>
public sealed class OptionsHistoryTests
{
    private static readonly Dictionary<string, string> s_noMappings = [];

    private readonly OptionsHistory _history = new();

    /// <summary>Parts that an encoding without exact lengths, or one that confuses null with a text, would not tell apart.</summary>
    public static TheoryData<string?[], string?[]> DifferentParts =>
        new()
        {
            { ["a", "b"], ["ab"] },
            { ["a", "b"], ["a", "b", ""] },
            { ["a", "b"], ["a\0\0\0\0b"] },
            { [null], [""] },
            { [null], [] },
            { ["a", null], ["a\0\0\0\0"] },
            { [null, "\u0004", new string('a', 256)], ["\0", "\0\0\u0001\0" + new string('a', 256)] },
        };

    [Theory]
    [MemberData(nameof(DifferentParts))]
    public void Different_parts_have_different_digests(string?[] parts, string?[] others)
    {
        Assert.NotEqual(DigestOf(parts), DigestOf(others));
        Assert.Equal(DigestOf(parts), DigestOf([.. parts]));
    }

    [Fact]
    public void Each_epoch_has_other_digests_that_no_parts_of_another_epoch_have()
    {
        CacheKey[] first = [DigestOf("a"), DigestOf("a", "1"), DigestOf("a", "2")];
        _history.BeginEpoch();
        CacheKey[] second = [DigestOf("a"), DigestOf("a", "1"), DigestOf("a", "2")];
        _history.BeginEpoch();
        CacheKey[] third = [DigestOf("a"), DigestOf("a", "1"), DigestOf("a", "2")];

        Assert.Equal(2, _history.Epoch);
        Assert.Equal(9, first.Concat(second).Concat(third).Distinct().Count());
    }

    [Fact]
    public void A_prefix_is_current_until_the_next_epoch_begins()
    {
        var prefix = new CacheKeyPrefix("scheme", ["a"], _history);
        Assert.True(prefix.IsCurrent);

        _history.BeginEpoch();

        Assert.False(prefix.IsCurrent);
        Assert.True(new CacheKeyPrefix("scheme", ["a"], _history).IsCurrent);
    }

    [Theory]
    [InlineData(OptionsHistory.Capacity, 0)]
    [InlineData(OptionsHistory.Capacity / 2, OptionsHistory.Capacity / 2)]
    public void The_history_is_full_at_its_capacity_and_empty_after_that(int digests, int mappings)
    {
        for (int i = 0; i < digests; i++)
        {
            Assert.False(_history.IsFull);
            Dictionary<string, string> added = i < mappings ? new(StringComparer.Ordinal) { [$"path{i}"] = "org_id" } : s_noMappings;
            _history.Add(DigestOf(i.ToString(CultureInfo.InvariantCulture)), added);
        }

        Assert.True(_history.IsFull);
        Assert.Equal(digests, _history.Digests.Count);
        Assert.Equal(mappings, _history.FindPathsMappedTo("org_id").Length);

        _history.BeginEpoch();

        Assert.False(_history.IsFull);
        Assert.Empty(_history.Digests);
        Assert.Empty(_history.FindPathsMappedTo("org_id"));
    }

    [Fact]
    public void The_same_options_and_mappings_are_kept_once()
    {
        Dictionary<string, string> mappings = new(StringComparer.Ordinal) { ["org.id"] = "org_id", ["name"] = "display_name" };
        for (int i = 0; i < OptionsHistory.Capacity; i++)
            _history.Add(DigestOf("a"), mappings);

        Assert.False(_history.IsFull);
        Assert.Equal(["org.id"], _history.FindPathsMappedTo("org_id"));
        Assert.Empty(_history.FindPathsMappedTo("display_name"));
    }

    private CacheKey DigestOf(params string?[] parts) => new CacheKeyPrefix("scheme", parts, _history).Digest;
}

namespace IntrospectionAuth.Tests.Tokens;

/// <summary>The tokens that match a filter.</summary>
public sealed class OAuthIntrospectionTokenFilterTests
{
    private const int LongestToken = 16_384;

    [Theory]
    [InlineData("a")]
    [InlineData("acme_123")]
    [InlineData("a.b.c==")]
    public void Without_settings_every_token_matches(string token)
    {
        var filter = new OAuthIntrospectionTokenFilter();

        Assert.True(filter.Accepts(token));
    }

    [Fact]
    public void A_filter_describes_what_it_expects()
    {
        Assert.Equal("", new OAuthIntrospectionTokenFilter().Describe());
        Assert.Equal(
            "a prefix of a_, b_, at least 2 characters, at most 9 characters, the pattern .*",
            new OAuthIntrospectionTokenFilter
            {
                Prefixes = { "a_", "b_" },
                MinimumLength = 2,
                MaximumLength = 9,
                Pattern = ".*",
            }.Describe()
        );
    }

    [Theory]
    [InlineData("acme_1", true)]
    [InlineData("acme_", true)]
    [InlineData("test-1", true)]
    [InlineData("acme", false)]
    [InlineData("Acme_1", false)]
    [InlineData("ACME_1", false)]
    [InlineData("xacme_1", false)]
    [InlineData("acme-1", false)]
    [InlineData("1acme_test-", false)]
    public void A_token_must_have_one_of_the_prefixes(string token, bool isLetThrough)
    {
        var filter = new OAuthIntrospectionTokenFilter { Prefixes = { "acme_", "test-" } };

        Assert.Equal(isLetThrough, filter.Accepts(token));
    }

    [Theory]
    [InlineData(4, null, 3, false)]
    [InlineData(4, null, 4, true)]
    [InlineData(4, null, LongestToken, true)]
    [InlineData(0, 6, 1, true)]
    [InlineData(0, 6, 6, true)]
    [InlineData(0, 6, 7, false)]
    [InlineData(5, 5, 4, false)]
    [InlineData(5, 5, 5, true)]
    [InlineData(5, 5, 6, false)]
    public void A_token_must_have_a_length_within_the_limits(int minimum, int? maximum, int length, bool isLetThrough)
    {
        var filter = new OAuthIntrospectionTokenFilter { MinimumLength = minimum, MaximumLength = maximum };

        Assert.Equal(isLetThrough, filter.Accepts(new string('a', length)));
    }

    [Theory]
    [InlineData("[a-f0-9]{4}", "12ab", true)]
    [InlineData("[a-f0-9]{4}", "12ab3", false)]
    [InlineData("[a-f0-9]{4}", "x12ab", false)]
    [InlineData("[a-f0-9]{4}", "12AB", false)]
    [InlineData("(?i)[a-f0-9]{4}", "12AB", true)]
    [InlineData("a|bc", "a", true)]
    [InlineData("a|bc", "bc", true)]
    [InlineData("a|bc", "ac", false)]
    [InlineData("a|bc", "ab", false)]
    [InlineData("a|ab", "ab", true)]
    [InlineData("a*?", "aaa", true)]
    [InlineData("^a+$", "aaa", true)]
    [InlineData("(?m)^a$|b", "ab", false)]
    [InlineData("(a|b)+", "abba", true)]
    [InlineData(@"[^.]+\.[^.]+\.[^.]+", "eyJh.eyJz.c2ln", true)]
    [InlineData(@"[^.]+\.[^.]+\.[^.]+", "eyJh.eyJz", false)]
    [InlineData(@"[^.]+\.[^.]+\.[^.]+", "a.b.c.d.e", false)]
    public void The_whole_token_must_match_the_pattern(string pattern, string token, bool isLetThrough)
    {
        var filter = new OAuthIntrospectionTokenFilter { Pattern = pattern };

        Assert.Equal(isLetThrough, filter.Accepts(token));
        Assert.Equal(pattern, filter.Pattern);
    }

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("")]
    public void The_culture_of_the_machine_has_no_effect(string culture)
    {
        System.Globalization.CultureInfo previous = System.Globalization.CultureInfo.CurrentCulture;
        System.Globalization.CultureInfo.CurrentCulture = new(culture);
        try
        {
            var filter = new OAuthIntrospectionTokenFilter { Pattern = "(?i)file_[0-9]+" };

            Assert.True(filter.Accepts("FILE_1"));
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = previous;
        }
    }

    [Theory]
    [InlineData("acme_1234", true)]
    [InlineData("acme_123", false)] // too short
    [InlineData("acme_12345", false)] // too long
    [InlineData("acmE_1234", false)] // another prefix
    [InlineData("acme_123x", false)] // another character
    public void A_token_must_match_all_settings(string token, bool isLetThrough)
    {
        var filter = new OAuthIntrospectionTokenFilter
        {
            Prefixes = { "acme_" },
            MinimumLength = 9,
            MaximumLength = 9,
            Pattern = "[a-zA-Z]+_[0-9]+",
        };

        Assert.Equal(isLetThrough, filter.Accepts(token));
        Assert.Equal(isLetThrough, filter.FindMismatch(token) is null);
    }

    [Fact]
    public void A_pattern_can_be_removed_again()
    {
        var filter = new OAuthIntrospectionTokenFilter { Pattern = "a" };

        filter.Pattern = null;

        Assert.True(filter.Accepts("b"));
        Assert.True(filter.IsEmpty);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[a-z")]
    [InlineData("a)")]
    [InlineData("a)|(?:b")] // whole only between the anchors, and free of them
    [InlineData("(?x) a # comment")] // would swallow the anchor behind it
    [InlineData("(?x) a # comment)")]
    [InlineData("(?#")]
    [InlineData(@"a\")]
    [InlineData("a++")]
    public void An_invalid_pattern_is_rejected(string pattern)
    {
        var filter = new OAuthIntrospectionTokenFilter { Pattern = "before" };

        var exception = Assert.ThrowsAny<ArgumentException>(() => filter.Pattern = pattern);

        Assert.StartsWith("Pattern is ", exception.Message, StringComparison.Ordinal);
        Assert.Equal("before", filter.Pattern);
        Assert.True(filter.Accepts("before"));
    }

    [Theory]
    [InlineData(@"(a)\1")]
    [InlineData(@"(?<it>a)\k<it>")]
    [InlineData("(?=a)b")]
    [InlineData("(?!a)b")]
    [InlineData("(?<=a)b")]
    [InlineData("(?<!a)b")]
    [InlineData("(?>a+)b")]
    [InlineData("(?(a)b|c)")]
    [InlineData(@"\Ga")]
    [InlineData("([a-z]{1,1000}-?){1,1000}")]
    public void A_pattern_that_needs_backtracking_is_rejected_with_a_message(string pattern)
    {
        var exception = Assert.Throws<ArgumentException>(() => new OAuthIntrospectionTokenFilter { Pattern = pattern });

        Assert.StartsWith("Pattern cannot be matched without backtracking", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Remove backreferences", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|aa)+")]
    [InlineData("(a*)*b")]
    [InlineData("(.*a){20}")]
    public async Task No_token_makes_a_pattern_backtrack(string pattern)
    {
        // A backtracking engine would practically never finish with the first of these tokens.
        var filter = new OAuthIntrospectionTokenFilter { Pattern = pattern };
        string token = new string('a', LongestToken - 1) + '-';

        bool[] isLetThrough = await Task.Run(() => new[] { filter.Accepts(token), filter.Accepts(token.AsSpan(1)) })
            .WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

        Assert.All(isLetThrough, Assert.False);
    }

    [Fact]
    public void Lengths_out_of_range_are_rejected()
    {
        var filter = new OAuthIntrospectionTokenFilter();

        Assert.Throws<ArgumentOutOfRangeException>(() => filter.MinimumLength = -1);
        Assert.Throws<ArgumentOutOfRangeException>(() => filter.MaximumLength = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => filter.MaximumLength = -1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Matching_a_token_allocates_nothing(bool isSet)
    {
        OAuthIntrospectionTokenFilter filter = isSet
            ? new()
            {
                Prefixes = { "test_", "acme_" },
                MinimumLength = 20,
                MaximumLength = 60,
                Pattern = "[A-Za-z0-9_-]{20,60}",
            }
            : new();
        const string Token = "acme_0123456789abcdefghijABCDEFGHIJ-4711";
        for (int i = 0; i < 1000; i++)
            Assert.True(filter.Accepts(Token));

        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isLetThrough = true;
        for (int i = 0; i < 1000; i++)
            isLetThrough &= filter.Accepts(Token);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(isLetThrough);
    }
}

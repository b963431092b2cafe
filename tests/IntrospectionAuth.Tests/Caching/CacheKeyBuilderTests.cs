using System.Buffers;
using System.Text;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Caching;

public sealed class CacheKeyBuilderTests
{
    private readonly CacheKeys _keys = new();

    public static TheoryData<string, Action<OAuthIntrospectionOptions>> Differences =>
        new()
        {
            { "endpoint", options => options.IntrospectionEndpoint = "https://other.example.com/introspect" },
            { "client id", options => options.ClientId = "other" },
            { "no client id", options => options.ClientId = null },
            { "empty client id", options => options.ClientId = "" },
            { "hint", options => options.TokenTypeHint = null },
            { "method", options => options.ClientAuthenticationMethod = ClientAuthenticationMethod.None },
            { "parameter", options => options.IntrospectionParameters["resource"] = "a" },
            { "signed responses", options => options.RequireSignedResponse = true },
            {
                "cut elsewhere",
                options =>
                {
                    options.IntrospectionEndpoint += "ap";
                    options.ClientId = "i";
                }
            },
        };

    [Fact]
    public void The_same_token_of_the_same_client_has_the_same_key()
    {
        CacheKey first = _keys.Build("scheme", Options(), "token");
        CacheKey second = new CacheKeys().Build("scheme", Options(), "token");

        Assert.Equal(first, second);
        Assert.Equal(first.GetHashCode(), second.GetHashCode());
    }

    // An attacker finds such keys by trying 2^32 tokens each: parts of the first eight bytes are equal, or cancel each other out.
    [Theory]
    [InlineData("the first four bytes are equal in all keys")]
    [InlineData("bytes four to eight are equal in all keys")]
    [InlineData("the first four bytes are repeated")]
    public void Keys_chosen_by_an_attacker_do_not_collide_in_one_bucket_regardless_of_the_seed(string choice)
    {
        var random = new Random(1);
        int[] hashCodes =
        [
            .. Enumerable
                .Range(0, 1_000)
                .Select(_ =>
                {
                    CacheKey key = default;
                    random.NextBytes(key);
                    if (choice.StartsWith("the first four bytes are equal", StringComparison.Ordinal))
                        key[..4].Clear();
                    else if (choice.StartsWith("bytes four", StringComparison.Ordinal))
                        key[4..8].Clear();
                    else
                        key[..4].CopyTo(key[4..8]);
                    return key.GetHashCode();
                }),
        ];

        Assert.InRange(hashCodes.Distinct().Count(), 990, 1_000);
    }

    [Theory]
    [MemberData(nameof(Differences))]
    public void Everything_a_response_depends_on_is_in_the_key(string difference, Action<OAuthIntrospectionOptions> change)
    {
        OAuthIntrospectionOptions other = Options();
        change(other);

        Assert.False(_keys.Build("scheme", Options(), "token").Equals(_keys.Build("scheme", other, "token")), difference);
    }

    [Fact]
    public void With_signed_responses_required_the_signer_and_the_audience_are_in_the_key()
    {
        OAuthIntrospectionOptions signed = Options(),
            byOther = Options(),
            forOther = Options();
        signed.RequireSignedResponse = byOther.RequireSignedResponse = forOther.RequireSignedResponse = true;
        byOther.Authority = "https://other.example.com";
        forOther.SignedResponseAudience = "other";

        Assert.NotEqual(_keys.Build("scheme", signed, "token"), _keys.Build("scheme", byOther, "token"));
        Assert.NotEqual(_keys.Build("scheme", signed, "token"), _keys.Build("scheme", forOther, "token"));
    }

    [Fact]
    public void Requiring_signed_responses_changes_the_key_even_when_the_options_are_changed_in_place()
    {
        OAuthIntrospectionOptions options = Options();
        CacheKey before = _keys.Build("scheme", options, "token");

        options.RequireSignedResponse = true;

        Assert.NotEqual(before, _keys.Build("scheme", options, "token"));
    }

    [Fact]
    public void Credentials_from_different_delegates_have_different_keys()
    {
        OAuthIntrospectionOptions one = Options(),
            other = Options();
        one.ClientAuthenticationMethod = ClientAuthenticationMethod.BearerCredential(_ => new("tenant one's"));
        other.ClientAuthenticationMethod = ClientAuthenticationMethod.BearerCredential(_ => new("tenant two's"));

        Assert.NotEqual(_keys.Build("scheme", one, "token"), _keys.Build("scheme", other, "token"));
    }

    [Fact]
    public void Schemes_have_different_keys_for_the_same_token_and_options()
    {
        OAuthIntrospectionOptions options = Options();

        Assert.NotEqual(_keys.Build("a", options, "token"), _keys.Build("b", options, "token"));
    }

    [Fact]
    public void The_key_contains_the_issuer_when_the_endpoint_is_discovered()
    {
        CacheKey[] keys =
        [
            _keys.Build("scheme", Discovering("https://a.example.com"), "token"),
            _keys.Build("scheme", Discovering("https://b.example.com"), "token"),
            _keys.Build(
                "scheme",
                new OAuthIntrospectionOptions
                {
                    IntrospectionEndpoint = "https://a.example.com",
                    ClientId = "api",
                    ClientSecret = "secret",
                },
                "token"
            ),
        ];

        Assert.Equal(3, keys.Distinct().Count());
        Assert.Equal(keys[0], _keys.Build("scheme", Discovering("https://a.example.com"), "token"));
    }

    [Fact]
    public void An_issuer_changed_in_place_changes_the_key()
    {
        OAuthIntrospectionOptions options = Discovering("https://a.example.com");
        CacheKey before = _keys.Build("scheme", options, "token");

        options.Authority = "https://b.example.com";

        Assert.NotEqual(before, _keys.Build("scheme", options, "token"));
    }

    [Fact]
    public void The_key_does_not_contain_the_issuer_when_the_endpoint_is_configured()
    {
        OAuthIntrospectionOptions other = Options();
        other.Authority = "https://a.example.com";

        Assert.Equal(_keys.Build("scheme", Options(), "token"), _keys.Build("scheme", other, "token"));
    }

    [Fact]
    public void Options_changed_in_place_change_the_key()
    {
        OAuthIntrospectionOptions options = Options();
        CacheKey before = _keys.Build("scheme", options, "token");

        options.ClientId = "another tenant";

        Assert.NotEqual(before, _keys.Build("scheme", options, "token"));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(300)]
    [InlineData(988)]
    [InlineData(989)]
    [InlineData(16_384)]
    public void Every_character_of_the_token_counts(int length)
    {
        string token = new('a', length);
        string other = string.Concat(token.AsSpan(0, length - 1), "b");

        Assert.NotEqual(_keys.Build("scheme", Options(), token), _keys.Build("scheme", Options(), other));
        Assert.NotEqual(_keys.Build("scheme", Options(), token), _keys.Build("scheme", Options(), token.AsSpan(0, length - 1)));
        Assert.NotEqual(_keys.Build("scheme", Options(), token), _keys.Build("scheme", Options(), string.Concat("b", token.AsSpan(1))));
    }

    [Fact]
    public void Characters_outside_a_bearer_token_count_too()
    {
        OAuthIntrospectionOptions options = Options();
        string[] tokens =
        [
            "e",
            "é",
            "è",
            "ée",
            "eé",
            "éé",
            new string('é', 494),
            new string('é', 495),
            new string('é', 2000),
            "\u20ac",
            "\U0001F511",
        ];

        Assert.Equal(tokens.Length, tokens.Select(token => _keys.Build("scheme", options, token)).Distinct().Count());
    }

    [Fact]
    public void The_key_of_a_long_token_does_not_depend_on_what_the_pooled_buffer_held_and_leaves_no_token_in_it()
    {
        OAuthIntrospectionOptions options = Options();
        string token = new('t', 1500);
        CacheKey before = _keys.Build("scheme", options, token);
        byte[] pooled = ArrayPool<byte>.Shared.Rent(token.Length);
        pooled.AsSpan().Fill(0xff);
        ArrayPool<byte>.Shared.Return(pooled);

        Assert.Equal(before, _keys.Build("scheme", options, token));

        byte[] next = ArrayPool<byte>.Shared.Rent(token.Length);
        Assert.DoesNotContain("tttt", Encoding.Latin1.GetString(next), StringComparison.Ordinal);
        ArrayPool<byte>.Shared.Return(next);
    }

    [Fact]
    public void Of_very_many_configurations_only_the_latest_are_known_and_the_keys_of_the_others_are_never_built_again()
    {
        var options = new OAuthIntrospectionOptions[OptionsHistory.Capacity + 1];
        for (int i = 0; i < options.Length; i++)
        {
            options[i] = Options();
            options[i].ClientId = $"api-{i}";
        }

        CacheKey[] keys = [.. options.Select(it => _keys.Build("scheme", it, "token"))];

        Assert.Equal(keys[^1], Assert.Single(_keys.BuildAll("token")).Key);
        OAuthIntrospectionOptions rolledBack = Options();
        rolledBack.ClientId = "api-0";
        CacheKey again = _keys.Build("scheme", rolledBack, "token");
        Assert.NotEqual(keys[0], again);
        Assert.Contains(again, _keys.BuildAll("token").Select(static it => it.Key));
    }

    [Trait("Load", "Heavy")]
    [Fact]
    public void Keys_built_concurrently_equal_keys_built_one_after_another()
    {
        OAuthIntrospectionOptions options = Options();
        string[] tokens = [.. Enumerable.Range(0, 200).Select(i => new string((char)('a' + (i % 26)), 1 + (i * 13)))];
        CacheKey[] alone = [.. tokens.Select(token => new CacheKeys().Build("scheme", options, token))];

        Parallel.For(
            0,
            20_000,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            i => Assert.Equal(alone[i % tokens.Length], _keys.Build("scheme", options, tokens[i % tokens.Length]))
        );
    }

    [Fact]
    public void Jitter_shortens_an_age_by_at_most_a_tenth_and_differs_between_tokens()
    {
        double[] shares = [.. Enumerable.Range(0, 1000).Select(i => _keys.Build("scheme", Options(), $"token-{i}").Jitter)];

        Assert.All(shares, share => Assert.InRange(share, 0.9, 1));
        Assert.True(shares.Distinct().Count() > 100);
    }

    private static OAuthIntrospectionOptions Discovering(string issuer) =>
        new()
        {
            Authority = issuer,
            ClientId = "api",
            ClientSecret = "secret",
        };

    private static OAuthIntrospectionOptions Options() =>
        new()
        {
            IntrospectionEndpoint = "https://auth.example.com/introspect",
            ClientId = "api",
            ClientSecret = "secret",
        };
}

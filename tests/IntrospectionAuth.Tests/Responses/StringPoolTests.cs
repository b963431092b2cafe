using System.Security.Claims;
using System.Text;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Responses;

public sealed class StringPoolTests
{
    private readonly StringPool _strings = new();

    [Theory]
    [InlineData("")]
    [InlineData("scope")]
    [InlineData("größe \ud83d\ude00\0")]
    public void A_repeated_text_is_the_same_string(string text)
    {
        string first = _strings.Get(text.AsSpan());

        Assert.Equal(text, first);
        Assert.Same(first, _strings.Get(text.AsSpan()));
        Assert.Same(first, _strings.Get(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Long_texts_are_not_pooled()
    {
        string longest = new('a', StringPool.MaximumLength),
            longer = longest + 'a';

        Assert.Same(_strings.Get(longest.AsSpan()), _strings.Get(Encoding.UTF8.GetBytes(longest)));
        Assert.NotSame(_strings.Get(longer.AsSpan()), _strings.Get(longer.AsSpan()));
        Assert.Equal(longer, _strings.Get(Encoding.UTF8.GetBytes(longer)));
    }

    [Fact]
    public void Two_texts_that_collide_are_both_kept()
    {
        var strings = new StringPool(sets: 1);
        string one = strings.Get("one"),
            two = strings.Get("two");

        Assert.Same(one, strings.Get("one"));
        Assert.Same(two, strings.Get("two"));
        Assert.Equal("three", strings.Get("three"));
        Assert.Same(two, strings.Get("two"));
        Assert.NotSame(one, strings.Get("one"));
    }

    [Fact]
    public void None_pools_nothing()
    {
        Assert.Equal("scope", StringPool.None.Get("scope"));
        Assert.NotSame(StringPool.None.Get("scope"), StringPool.None.Get("scope"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(2048)]
    public void The_returned_string_always_equals_the_text(int sets)
    {
        var strings = new StringPool(sets);

        Parallel.For(
            0,
            8,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            seed =>
            {
                var random = new Random(seed);
                Span<char> text = stackalloc char[StringPool.MaximumLength + 2];
                for (int i = 0; i < 20_000; i++)
                {
                    Span<char> part = text[..random.Next(random.Next(4) == 0 ? text.Length : 4)];
                    for (int j = 0; j < part.Length; j++)
                        part[j] = (char)random.Next(random.Next(2) == 0 ? 'a' : '\u07fd', random.Next(2) == 0 ? '\u0801' : '\u0802');

                    Assert.True(part.SequenceEqual(strings.Get((ReadOnlySpan<char>)part)), "The characters are the same.");
                    Assert.True(
                        part.SequenceEqual(strings.Get(Encoding.UTF8.GetBytes(part.ToString()))),
                        "Those of the bytes are the same."
                    );
                }
            }
        );
    }

    [Fact]
    public void Two_responses_share_their_common_strings()
    {
        IntrospectionResponse one = Read(
            """{"active":true,"iss":"https://a.example","scope":"read write","aud":["a","b"],"tenant":42,"admin":false,"""
                + """ "o":{"x":1},"sub":"ann"}"""
        );
        IntrospectionResponse other = Read(
            """{"active":true,"iss":"https:\/\/a.example","scope":["write","read"],"aud":"b","tenant":42,"admin":false,"o":{"x":1},"sub":"bob"}"""
        );

        Assert.Same(one.Issuer, other.Issuer);
        Assert.Same(one.Issuer, one.Members[0].Text);
        Assert.Same(one.Audiences[1], other.Audiences[0]);
        foreach (MemberValue member in other.Members)
        {
            if (member.Name != "sub")
                Assert.Contains(one.Members, same => ReferenceEquals(same.Name, member.Name) && ReferenceEquals(same.Text, member.Text));
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("\"quoted\" \\ and \b\f\n\r\t")]
    [InlineData("größe 漢字 \ud83d\ude00")]
    [InlineData("\0")]
    public void A_text_is_read_correctly_however_it_was_escaped(string text)
    {
        string padding = new('x', 2 * StringPool.MaximumLength);
        foreach (string whole in new[] { text, padding + text })
        {
            string escaped = string.Concat(whole.Select(character => $"\\u{(int)character:x4}"));
            string plain = whole
                .Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\"", "\\\"", StringComparison.Ordinal)
                .Replace("\b", "\\b", StringComparison.Ordinal)
                .Replace("\f", "\\f", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal)
                .Replace("\r", "\\r", StringComparison.Ordinal)
                .Replace("\t", "\\t", StringComparison.Ordinal)
                .Replace("\0", "\\u0000", StringComparison.Ordinal);

            foreach (string written in new[] { escaped, plain })
            {
                MemberValue member = Assert.Single(Read($$"""{"active":true,"{{written}}":"{{written}}"}""").Members);
                Assert.Equal(whole, member.Name);
                Assert.Equal(whole, member.Text);
            }
        }
    }

    [Fact]
    public async Task Tokens_of_one_host_share_strings()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, """{"active":true,"iss":"https://a.example","client_id":"c","sub":"s"}""");
        await using TestApi api = await TestApi.StartAsync(server);

        List<Claim> one = [.. (await api.AuthenticateAsync("opaque-4711")).Principal!.Claims];
        List<Claim> other = [.. (await api.AuthenticateAsync("opaque-4712")).Principal!.Claims];

        Assert.Equal(2, server.CallCount);
        Assert.Equal(3, one.Count);
        Assert.All(
            one.Zip(other),
            pair =>
            {
                Assert.Same(pair.First.Type, pair.Second.Type);
                Assert.Same(pair.First.Value, pair.Second.Value);
                Assert.Same(pair.First.Issuer, pair.Second.Issuer);
            }
        );
    }

    private IntrospectionResponse Read(string body) =>
        IntrospectionResponseReader.Read(Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch, _strings).Response!;
}

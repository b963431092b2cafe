using System.Buffers.Text;
using System.Text;
using IntrospectionAuth.Tokens;

namespace IntrospectionAuth.Tests.Tokens;

/// <summary>Reading members of unverified tokens, without ever throwing.</summary>
public sealed class UnverifiedJwtReaderTests
{
    private const string Header = """{"alg":"RS256"}""";

    [Theory]
    [InlineData(Header, 3, true)]
    [InlineData("""{"alg":"RSA-OAEP","enc":"A256GCM"}""", 5, true)]
    [InlineData("""{"typ":"JWT","alg":"none"}""", 3, true)]
    [InlineData(""" {"\u0061lg" : "ES256", "x":{"alg":1}} """, 3, true)]
    [InlineData(Header, 2, false)]
    [InlineData(Header, 4, false)]
    [InlineData(Header, 6, false)]
    [InlineData("{}", 3, false)]
    [InlineData("""{"alg":1}""", 3, false)]
    [InlineData("""{"alg":null}""", 3, false)]
    [InlineData("""{"alg":""}""", 3, false)]
    [InlineData("""{"alg":"RS256","alg":"RS256"}""", 3, false)]
    [InlineData("""{"header":{"alg":"RS256"}}""", 3, false)]
    [InlineData("""["alg"]""", 3, false)]
    [InlineData("\"alg\"", 3, false)]
    [InlineData("""{"alg":"RS256"}{}""", 3, false)]
    [InlineData("""{"alg":"RS256"} x""", 3, false)]
    [InlineData("""{"alg":"RS256",}""", 3, false)]
    [InlineData("{\"alg\":\"RS256\"", 3, false)]
    [InlineData("""{"alg":"\ud800"}""", 3, false)]
    [InlineData("", 3, false)]
    public void A_JWT_has_three_or_five_parts_and_a_header_with_an_alg(string header, int parts, bool isJwt)
    {
        string token = Encode(header) + string.Concat(Enumerable.Repeat(".e30", parts - 1));

        Assert.Equal(isJwt, UnverifiedJwtReader.IsJwt(token));
    }

    [Theory]
    [InlineData(8191, true)]
    [InlineData(8192, true)]
    [InlineData(8194, false)]
    public void A_header_has_8192_characters_at_most(int characters, bool isJwt)
    {
        string header = Encode(
            Header.Replace("}", new string(' ', Base64Url.GetMaxDecodedLength(characters) - Header.Length) + "}", StringComparison.Ordinal)
        );

        Assert.Equal(characters, header.Length);
        Assert.Equal(isJwt, UnverifiedJwtReader.IsJwt(header + ".e30.e30"));
    }

    [Theory]
    [InlineData("""{"alg":"RS256","typ":"token-introspection+jwt"}""", 3, true)]
    [InlineData("""{"alg":"RS256","typ":"Application/TOKEN-introspection+jwt"}""", 3, true)]
    [InlineData("""{"alg":"RSA-OAEP-256","enc":"A256GCM","typ":"token-introspection+jwt"}""", 5, true)]
    [InlineData("""{"alg":"RS256","typ":"at+jwt"}""", 3, false)]
    [InlineData("""{"alg":"RS256","typ":"xpplication/token-introspection+jwt"}""", 3, false)]
    [InlineData("""{"alg":"RS256"}""", 3, false)]
    [InlineData("""{"typ":"token-introspection+jwt"}""", 3, false)]
    [InlineData("""{"alg":"RS256","typ":"token-introspection+jwt"}""", 2, false)]
    public void A_signed_response_is_recognized_in_place_of_a_token(string header, int parts, bool isResponse)
    {
        string rest = string.Concat(Enumerable.Repeat(".e30", parts - 1));
        string padded = header.Replace("}", new string(' ', 9_000) + "}", StringComparison.Ordinal);

        Assert.Equal(isResponse, UnverifiedJwtReader.IsIntrospectionResponse(Encode(header) + rest));
        Assert.Equal(isResponse, UnverifiedJwtReader.IsIntrospectionResponse(Encode(padded) + rest));
    }

    [Theory]
    [InlineData("opaque")]
    [InlineData("a.b.c")]
    [InlineData("v2.local.abc")]
    [InlineData("..")]
    [InlineData("....")]
    [InlineData("eyJhbGciOiJub25lIn0=.e30.")]
    [InlineData("eyJhbGciOiJub25lIn0 .e30.")]
    [InlineData("eyJhbGciOiJub25lIn+/.e30.")]
    public void Text_that_only_resembles_a_JWT_is_not_one(string token)
    {
        Assert.False(UnverifiedJwtReader.IsJwt(token));
        Assert.Null(UnverifiedJwtReader.ReadIssuer(token));
    }

    [Theory]
    [InlineData("""{"iss":"https://a.example.com"}""", "https://a.example.com")]
    [InlineData("""{"sub":"x","x":{"iss":"b"},"iss":"a"}""", "a")]
    [InlineData("""{"\u0069ss":"\u0061"}""", "a")]
    [InlineData("""{"ISS":"a"}""", null)]
    [InlineData("""{"x":{"iss":"a"}}""", null)]
    [InlineData("""{"iss":"a","iss":"a"}""", null)]
    [InlineData("""{"iss":"a","\u0069ss":"b"}""", null)]
    [InlineData("""{"iss":["a"]}""", null)]
    [InlineData("""{"iss":{"iss":"a"}}""", null)]
    [InlineData("""{"iss":null}""", null)]
    [InlineData("""{"iss":1}""", null)]
    [InlineData("""{"iss":""}""", null)]
    [InlineData("""{"iss":"a"}}""", null)]
    [InlineData("""{"iss":"a"} {}""", null)]
    [InlineData("""{"iss":"a",/**/"b":1}""", null)]
    [InlineData("""{"iss":"\ud800"}""", null)]
    [InlineData("""[{"iss":"a"}]""", null)]
    [InlineData("", null)]
    public void The_issuer_is_one_string_in_the_payload(string payload, string? issuer) =>
        Assert.Equal(issuer, UnverifiedJwtReader.ReadIssuer($"{Encode(Header)}.{Encode(payload)}.c2ln"));

    [Fact]
    public void The_payload_of_an_encrypted_token_cannot_be_read() =>
        Assert.Null(UnverifiedJwtReader.ReadIssuer($"{Encode(Header)}.{Encode("""{"iss":"a"}""")}.a.b.c"));

    [Fact]
    public void A_payload_beyond_the_limits_has_no_issuer()
    {
        string nested(int depth) => $$"""{"iss":"a","x":{{new string('[', depth)}}{{new string(']', depth)}}}""";
        string padded(int length) => $$"""{"iss":"a","x":"{{new string('x', length)}}"}""";

        Assert.Equal("a", Read(nested(15)));
        Assert.Null(Read(nested(16)));
        Assert.Null(Read(nested(4000)));
        Assert.Equal("a", Read(padded(6000)));
        Assert.Null(Read(padded(6144)));
        Assert.Null(Read(padded(1_000_000)));

        static string? Read(string payload) => UnverifiedJwtReader.ReadIssuer($"{Encode(Header)}.{Encode(payload)}.c2ln");
    }

    [Fact]
    public void No_token_makes_the_reader_throw()
    {
        var random = new Random(4711);
        const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=";
        string[] pieces =
        [
            "{",
            "}",
            "[",
            "]",
            "\"iss\"",
            "\"alg\"",
            ":",
            ",",
            "\"a\"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "1e999",
            "null",
            " ",
            "\u00ff",
            "\\",
        ];
        for (int round = 0; round < 20_000; round++)
        {
            string json = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            // The latter is not always UTF-8
            byte[] bytes = random.Next(2) == 0 ? Encoding.UTF8.GetBytes(json) : Encoding.Latin1.GetBytes(json);
            string part = Base64Url.EncodeToString(bytes);
            string garbage = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => Characters[random.Next(Characters.Length)]));

            foreach (string token in (string[])[$"{part}.{part}.", $"{Encode(Header)}.{part}.x", $"{garbage}.{part}.{garbage}", garbage])
            {
                bool isJwt = UnverifiedJwtReader.IsJwt(token);
                string? issuer = UnverifiedJwtReader.ReadIssuer(token);
                Assert.True(isJwt || issuer is null);
            }
        }
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}

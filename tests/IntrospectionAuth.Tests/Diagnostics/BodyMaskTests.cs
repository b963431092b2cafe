using System.Text;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Tests.Diagnostics;

/// <summary>A response that a developer may see has no credentials.</summary>
public sealed class BodyMaskTests
{
    private const string Token = "opaque-4711+/x==";
    private const string Secret = "s3cr3t <&> value";

    [Theory]
    [InlineData("""{"token":"x","access_token":"x","refresh_token":"x","id_token":"x"}""", "token access_token refresh_token id_token")]
    [InlineData(
        """{"client_secret":"x","password":"x","client_assertion":"x","API_KEY":5}""",
        "client_secret password client_assertion API_KEY"
    )]
    [InlineData("""{"a":[{"b":{"Refresh_Token":["x","x"]}}]}""", "Refresh_Token")]
    [InlineData("""{"note":"opaque-4711+/x=="}""", "note")]
    [InlineData("""{"note":"s3cr3t <&> value"}""", "note")]
    [InlineData("""{"note":"eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."}""", "note")]
    [InlineData("""{"note":"eyJhbGciOiJub25lIn0.x.y.z.w"}""", "note")]
    [InlineData("""{"secret_key":"x","sessionTokens":["x"],"x-api-key":"x","secrets":"x"}""", "secret_key sessionTokens x-api-key secrets")]
    [InlineData("""{"jwk":{"kty":"EC","crv":"P-256","d":"x","k":"x"}}""", "d k")]
    public void Values_that_carry_credentials_are_masked_anywhere(string body, string masked)
    {
        string shown = Compact(Apply(body));

        Assert.All(masked.Split(' '), name => Assert.Contains($"\"{name}\":\"(masked)\"", shown, StringComparison.Ordinal));
        Assert.DoesNotContain("\"x\"", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"active":true,"token_type":"Bearer","jti":"j-1","exp":5}""")]
    [InlineData("""{"secret":true,"password":false,"token":null}""")]
    [InlineData("""{"d":1,"k":"members of a private key elsewhere"}""")]
    [InlineData("""{"jwk":{"kty":"EC","crv":"P-256"}}""")]
    [InlineData("""{"note":"eyJ-begins.like a JWT"}""")]
    public void Everything_else_is_shown(string body) => Assert.Equal(body, Compact(Apply(body)));

    [Fact]
    public void A_number_that_is_a_secret_is_masked() =>
        Assert.Equal(
            """{"n":"(masked)","m":4711}""",
            Compact(BodyMask.Apply("""{"n":471147114711,"m":4711}"""u8.ToArray(), isWhole: true, ["471147114711"]))
        );

    [Fact]
    public void A_name_that_is_the_token_is_masked_too() =>
        Assert.DoesNotContain("4711", Apply($$"""{"{{Token}}":true}"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("<p>Unknown token opaque-4711+/x==</p>")]
    [InlineData("<p>Unknown token OPAQUE-4711%2B%2Fx%3D%3D</p>")]
    [InlineData("client_secret=something&grant_type=x")]
    [InlineData("Unknown token opaque-471...")]
    [InlineData("s3cr3t &lt;&amp;&gt; value 4711")]
    [InlineData("""{"active":true,"token":"opaque-4711+/x==","sub":"trunca""")]
    [InlineData("""{"error":"unknown s3cr3t \u003c\u0026\u003e value","sub":"trunca""")] // JSON as .NET and Go write it
    [InlineData("""{"error":"unknown opaque-4711+\/x==","sub":"trunca""")] // and as PHP does
    [InlineData("<p>s3cr3t+%3C%26%3E+value</p>")]
    [InlineData("token: 4711-zzz")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiI0NzExIn0.4711")]
    [InlineData("""{"password":"correct zzz horse","sub":"trunca""")]
    [InlineData("""{"password":"with \"quotes\" zzz","sub":"trunca""")]
    [InlineData("""{"pwd":"zzz","sub":"trunca""")]
    [InlineData("""{"passwd":"correct zzz""")]
    [InlineData("""{"authorization":"Basic zzz","sub":"trunca""")]
    [InlineData("""{"session_cookies":["a b","zzz"],"sub":"trunca""")]
    [InlineData("""{"credential" : {"a":"zzz"},"sub":"trunca""")]
    [InlineData("""{"private_key":"zzz","sub":"trunca""")]
    [InlineData("""{"access_keys":"zzz","sub":"trunca""")]
    [InlineData("""{"code":"zzz","sub":"trunca""")]
    [InlineData("""{"message":"{\"pwd\":\"correct zzz\"}","sub":"trunca""")]
    [InlineData("password='correct zzz horse'")]
    [InlineData("Authorization: Basic zzz==")]
    [InlineData("Set-Cookie: session=1; id=zzz")]
    [InlineData("key=-----BEGIN RSA PRIVATE KEY-----\nzzz\nzzz\n-----END RSA PRIVATE KEY-----")]
    [InlineData("key=-----BEGIN PRIVATE KEY-----\nzzz")]
    public void A_body_that_is_not_JSON_shows_no_secret(string body)
    {
        string shown = Apply(body).Replace("4711\"", "", StringComparison.Ordinal);

        Assert.Contains(BodyMask.Masked, shown, StringComparison.Ordinal);
        Assert.DoesNotContain("opaque-471", shown, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("s3cr3t", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("something", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("zzz", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<b>No</b>", "<b>No</b>")]
    [InlineData("client_secret=something&grant_type=x", "client_secret=(masked)&grant_type=x")]
    [InlineData("Unknown: opaque-4...", "Unknown: (masked)")]
    [InlineData("Unknown: opaque-...", "Unknown: opaque-...")] // seven characters say little
    [InlineData("""{"error":"unknown opaque-4711+\/x==",""", """{"error":"unknown (masked)",""")]
    [InlineData("""{"password":"a \"b\" c","sub":"trunca""", """{"password":"(masked)","sub":"trunca""")]
    [InlineData("""{"a":"{\"pwd\":\"b c\",\"e\":5}","sub":"x""", """{"a":"{\"pwd\":(masked),\"e\":5}","sub":"x""")]
    [InlineData("""{"tokens":["a b","c"],"sub":"trunca""", """{"tokens":(masked)""")] // where an array ends is uncertain
    [InlineData("Authorization: Basic abc\nHost: x", "Authorization: (masked)\nHost: x")]
    [InlineData("password='a b'&x=y", "password='(masked)'&x=y")]
    [InlineData("Error code: 401", "Error code: 401")]
    public void A_body_that_is_not_JSON_shows_what_is_around_a_secret(string body, string shown) => Assert.Equal(shown, Apply(body));

    [Fact]
    public void A_private_key_in_a_body_that_is_not_JSON_is_masked() =>
        Assert.All(
            JsonWebKeyReader.PrivateMembers,
            static name => Assert.Equal($$"""{"{{name}}":"(masked)","kty":"trunca""", Apply($$"""{"{{name}}":"abcd","kty":"trunca"""))
        );

    [Theory]
    [InlineData(2048, false)]
    [InlineData(2049, true)]
    public void A_body_that_is_not_JSON_is_cut_after_2048_characters(int length, bool isCut) =>
        Assert.Equal(new string('y', 2048) + (isCut ? "..." : ""), Apply(new string('y', length)));

    [Fact]
    public void JSON_of_more_than_32_KiB_loses_its_indents_and_then_its_end()
    {
        const int Longest = 32 * 1024;
        int indented = Apply(Json(0)).Length;
        int compact = Json(0).Length;

        Assert.Equal(Longest, Apply(Json(Longest - indented)).Length);
        Assert.Equal(Json(Longest - indented + 1), Apply(Json(Longest - indented + 1)));
        Assert.Equal(Json(Longest - compact), Apply(Json(Longest - compact)));
        Assert.Equal(Json(Longest - compact + 1)[..Longest] + "...", Apply(Json(Longest - compact + 1)));

        static string Json(int length) => $$"""{"a":"{{new string('y', length)}}"}""";
    }

    [Fact]
    public void A_body_that_is_not_JSON_is_escaped_and_cut()
    {
        string shown = Apply("a\u001b[31m\0\u202e\ud800" + new string('x', 5000));

        Assert.StartsWith(@"a\u001b[31m\u0000\u202e", shown, StringComparison.Ordinal);
        Assert.EndsWith("...", shown, StringComparison.Ordinal);
        Assert.InRange(shown.Length, 2000, 2100);
    }

    [Fact]
    public void Nested_JSON_does_not_grow_without_bound()
    {
        string body = new string('[', 60) + string.Join(',', Enumerable.Repeat("\"\"", 5000)) + new string(']', 60);

        Assert.InRange(Apply(body).Length, 15_000, 32 * 1024);
    }

    [Fact]
    public void JSON_that_grows_when_it_is_escaped_is_cut()
    {
        string shown = Apply($$"""{"a":"{{new string('<', 16_000)}}"}""");

        Assert.EndsWith("...", shown, StringComparison.Ordinal);
        Assert.InRange(shown.Length, 16_000, 33 * 1024);
    }

    [Theory]
    [InlineData("eyJ")]
    [InlineData("eyJ.")]
    [InlineData("token ")]
    [InlineData("opaque-471")]
    [InlineData("%3D")]
    [InlineData("token:")]
    [InlineData("cookie:\n")]
    [InlineData("\n")]
    [InlineData("password=\"")]
    [InlineData("pwd=\\")]
    [InlineData("\\\"")]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    [InlineData("A PRIVATE KEY")]
    public void A_body_that_is_made_to_be_slow_is_masked_in_time(string repeated)
    {
        string body = string.Concat(Enumerable.Repeat(repeated, 16 * 1024 / repeated.Length));

        Assert.NotEmpty(Apply(body)); // a pattern that takes a second throws
        Assert.NotEmpty(Apply($$"""{"a":"{{body}}"}"""));
        Assert.NotEmpty(Apply($"cookie:{body}"));
        Assert.NotEmpty(Apply($"token=-----BEGIN {body}"));
        Assert.NotEmpty(Apply($$"""{"{{body}}":1}"""));
    }

    /// <summary>JSON without its indents.</summary>
    private static string Compact(string json) =>
        json.Replace("\n", "", StringComparison.Ordinal)
            .Replace("  ", "", StringComparison.Ordinal)
            .Replace("\": ", "\":", StringComparison.Ordinal);

    private static string Apply(string body) => BodyMask.Apply(Encoding.UTF8.GetBytes(body), isWhole: true, [Token, Secret, null, ""]);
}

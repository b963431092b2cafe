using System.Text;
using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.Tests.Diagnostics;

/// <summary>A response that a developer may see has no credentials.</summary>
public sealed class BodyMaskTests
{
    private const string Token = "opaque-4711+/x==";
    private const string Secret = "s3cr3t <&> value";

    [Theory]
    [InlineData(
        """{"active":true,"token_type":"Bearer","jti":"j-1","exp":5}""",
        """{"active":true,"token_type":"Bearer","jti":"j-1","exp":5}"""
    )]
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
        string shown = Apply(body).Replace("\n", "", StringComparison.Ordinal).Replace("  ", "", StringComparison.Ordinal);
        shown = shown.Replace("\": ", "\":", StringComparison.Ordinal);

        if (masked.StartsWith('{'))
        {
            Assert.Equal(masked, shown);
            return;
        }

        Assert.All(masked.Split(' '), name => Assert.Contains($"\"{name}\":\"(masked)\"", shown, StringComparison.Ordinal));
        Assert.DoesNotContain("\"x\"", shown, StringComparison.Ordinal);
    }

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
    public void A_body_that_is_made_to_be_slow_is_masked_in_time(string repeated)
    {
        string body = string.Concat(Enumerable.Repeat(repeated, 16 * 1024 / repeated.Length));

        Assert.NotEmpty(Apply(body)); // a pattern that takes a second throws
        Assert.NotEmpty(Apply($$"""{"a":"{{body}}"}"""));
        Assert.NotEmpty(Apply($$"""{"{{body}}":1}"""));
    }

    private static string Apply(string body) => BodyMask.Apply(Encoding.UTF8.GetBytes(body), isWhole: true, [Token, Secret, null, ""]);
}

using System.Globalization;
using System.Security.Claims;
using System.Text;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Tests.Responses;

/// <summary>How the body of a response is read.</summary>
public sealed class IntrospectionResponseReaderTests
{
    private static readonly string[] s_dateMembers = ["exp", "nbf", "iat"];
    private static readonly DateTimeOffset s_askedAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Theory]
    [InlineData("""{"active":true}""")]
    [InlineData("""  { "active" : true }  """)]
    [InlineData("{\r\n\t\"active\":\ttrue\r\n}\r\n")]
    [InlineData("""{"\u0061ctive":true}""")]
    [InlineData("""{"sub":"a","active":true}""")]
    [InlineData("""{"active":true,"Active":false}""")]
    [InlineData("""{"active":true,"x":{"active":false,"active":false}}""")]
    [InlineData("""{"active":true,"":""}""")]
    [InlineData("\uFEFF{\"active\":true}")]
    public void A_response_with_exactly_one_member_active_true_is_active(string body)
    {
        BodyReading reading = Read(body);

        Assert.Null(reading.Fault);
        Assert.NotNull(reading.Response);
    }

    [Theory]
    [InlineData("""{"active":false}""")]
    [InlineData("""{"active":false,"sub":"a","exp":9999999999}""")]
    [InlineData("""{"sub":"a","active":false}""")]
    [InlineData("\uFEFF{\"active\":false}")]
    public void A_response_with_exactly_one_member_active_false_is_inactive(string body)
    {
        BodyReading reading = Read(body);

        Assert.Null(reading.Fault);
        Assert.Null(reading.Response);
    }

    [Theory]
    [ClassData(typeof(UnusableBodies))]
    public void Any_other_body_is_unusable(string body)
    {
        BodyReading reading = Read(body);

        Assert.NotNull(reading.Fault);
        Assert.Null(reading.Response);
    }

    [Theory]
    [InlineData("7B22616374697665223A747275652C22737562223A22FF227D")] // 0xFF in a value
    [InlineData("7B22616374697665223A747275652C22737562223A22C0AF227D")] // overlong slash
    [InlineData("7B22616374697665223A747275652C22737562223A22EDA080227D")] // an encoded surrogate
    [InlineData("7B22616374697665223A747275652C2278223A7B2279223A22FF227D7D")] // 0xFF deep inside
    [InlineData("7B22616374697665223A747275652C22FF223A317D")] // 0xFF in a name
    [InlineData("FFFE7B002200610063007400690076006500220000")] // UTF-16
    [InlineData("1F8B0800")] // gzip
    public void A_body_that_is_not_UTF_8_is_unusable(string bytes)
    {
        BodyReading reading = IntrospectionResponseReader.Read(Convert.FromHexString(bytes), DateTimeOffset.UnixEpoch);

        Assert.Equal("it is not UTF-8", reading.Fault);
    }

    [Theory]
    [InlineData("1700000000", "2023-11-14T22:13:20.0000000+00:00")]
    [InlineData("1700000000.0", "2023-11-14T22:13:20.0000000+00:00")]
    [InlineData("1700000000.5", "2023-11-14T22:13:20.5000000+00:00")]
    [InlineData("1700000000.0000001", "2023-11-14T22:13:20.0000001+00:00")]
    [InlineData("1700000000.00000000000000000000000000000001", "2023-11-14T22:13:20.0000000+00:00")]
    [InlineData("1.7e9", "2023-11-14T22:13:20.0000000+00:00")]
    [InlineData("1.7E9", "2023-11-14T22:13:20.0000000+00:00")]
    [InlineData("1.7e+9", "2023-11-14T22:13:20.0000000+00:00")]
    [InlineData("1.7e09", "2023-11-14T22:13:20.0000000+00:00")]
    [InlineData("17000000000e-1", "2023-11-14T22:13:20.0000000+00:00")]
    [InlineData("0", "1970-01-01T00:00:00.0000000+00:00")]
    [InlineData("-0", "1970-01-01T00:00:00.0000000+00:00")]
    [InlineData("0.0", "1970-01-01T00:00:00.0000000+00:00")]
    [InlineData("1e-400", "1970-01-01T00:00:00.0000000+00:00")]
    [InlineData("253402300799", "9999-12-31T23:59:59.0000000+00:00")]
    public void A_date_is_a_number_or_a_string_that_contains_only_a_number(string number, string date)
    {
        foreach (string member in s_dateMembers)
        {
            foreach (string value in new[] { number, $"\"{number}\"" })
            {
                BodyReading reading = Read($$"""{"active":true,"{{member}}":{{value}}}""");

                Assert.Equal(date, DateOf(reading.Response, member)?.ToString("O", CultureInfo.InvariantCulture));
                Assert.False(reading.HasClampedDate);
            }
        }
    }

    [Fact]
    public void A_date_in_a_string_may_contain_escapes()
    {
        Assert.Equal(1_767_225_600, Read("""{"active":true,"exp":"\u0031767225\u002e600e3"}""").Response!.ExpiresAt?.ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData("253402300800")]
    [InlineData("253402300799.5")]
    [InlineData("1700000000000")] // milliseconds
    [InlineData("9223372036854775807")]
    [InlineData("18446744073709551616")]
    [InlineData("79228162514264337593543950336")] // past decimal
    [InlineData("1e300")]
    public void A_date_after_the_year_9999_is_clamped(string number)
    {
        foreach (string member in s_dateMembers)
        {
            foreach (string value in new[] { number, $"\"{number}\"" })
            {
                BodyReading reading = Read($$"""{"active":true,"{{member}}":{{value}}}""");

                Assert.Equal(
                    "9999-12-31T23:59:59.0000000+00:00",
                    DateOf(reading.Response, member)?.ToString("O", CultureInfo.InvariantCulture)
                );
                Assert.True(reading.HasClampedDate);
            }
        }
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("-0.5")]
    [InlineData("-1e-7")]
    [InlineData("-1e300")]
    [InlineData("-1e400")]
    [InlineData("1e400")]
    [InlineData("1e99999999999")]
    [InlineData("\"\"")]
    [InlineData("\" \"")]
    [InlineData("\" 1700000000\"")]
    [InlineData("\"1700000000 \"")]
    [InlineData("\"1700000000\\n\"")]
    [InlineData("\"1700000000\\u0000\"")]
    [InlineData("\"+1700000000\"")]
    [InlineData("\"-1700000000\"")]
    [InlineData("\"01700000000\"")]
    [InlineData("\"1700000000.\"")]
    [InlineData("\".5\"")]
    [InlineData("\"1e\"")]
    [InlineData("\"1-2\"")]
    [InlineData("\"1 2\"")]
    [InlineData("\"1,700,000,000\"")]
    [InlineData("\"1_700_000_000\"")]
    [InlineData("\"0x10\"")]
    [InlineData("\"1e999\"")]
    [InlineData("\"-1e999\"")]
    [InlineData("\"NaN\"")]
    [InlineData("\"Infinity\"")]
    [InlineData("\"null\"")]
    [InlineData("\"true\"")]
    [InlineData("\"\\\"1700000000\\\"\"")] // a string in a string
    [InlineData("\"\u0661\u0667\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660\"")] // Arabic digits
    [InlineData("\"\uff11\uff17\"")] // full-width digits
    [InlineData(
        "\"1700000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\""
    )]
    [InlineData("\"2099-01-01T00:00:00Z\"")]
    [InlineData("\"Thu, 26 Nov 2026 13:00:00 GMT\"")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("[]")]
    [InlineData("[1700000000]")]
    [InlineData("{}")]
    public void A_date_of_another_kind_makes_the_response_unusable(string value)
    {
        foreach (string member in s_dateMembers)
        {
            BodyReading reading = Read($$"""{"active":true,"{{member}}":{{value}}}""");

            Assert.Equal($"its member '{member}' is not a date", reading.Fault);
        }
    }

    [Theory]
    [InlineData("""{"active":true}""")]
    [InlineData("""{"active":true,"exp":null,"nbf":null,"iat":null}""")]
    [InlineData("""{"active":true,"expires_in":null}""")]
    public void A_null_date_is_absent(string body)
    {
        IntrospectionResponse response = Read(body).Response!;

        Assert.Null(response.ExpiresAt);
        Assert.False(response.IsExpiryUncertain);
        Assert.Null(response.NotBefore);
        Assert.Null(response.IssuedAt);
    }

    [Theory]
    [InlineData("3600", "2023-11-14T23:13:20.0000000+00:00")]
    [InlineData("\"3600\"", "2023-11-14T23:13:20.0000000+00:00")]
    [InlineData("3.6e3", "2023-11-14T23:13:20.0000000+00:00")]
    [InlineData("0.5", "2023-11-14T22:13:20.5000000+00:00")]
    [InlineData("0", "2023-11-14T22:13:20.0000000+00:00")]
    [InlineData("\"0\"", "2023-11-14T22:13:20.0000000+00:00")]
    [InlineData("251702300799", "9999-12-31T23:59:59.0000000+00:00")]
    public void Without_exp_a_token_expires_expires_in_seconds_after_the_request(string value, string expiresAt)
    {
        foreach (
            string body in new[]
            {
                $$"""{"active":true,"expires_in":{{value}}}""",
                $$"""{"exp":null,"expires_in":{{value}},"active":true}""",
            }
        )
        {
            BodyReading reading = Read(body);

            Assert.Equal(expiresAt, reading.Response!.ExpiresAt?.ToString("O", CultureInfo.InvariantCulture));
            Assert.True(reading.Response.IsExpiryUncertain);
            Assert.False(reading.HasClampedDate);
        }
    }

    [Theory]
    [InlineData("251702300800")]
    [InlineData("\"251702300800\"")]
    [InlineData("1e300")]
    [InlineData("79228162514264337593543950336")]
    public void A_lifetime_beyond_the_year_9999_is_clamped(string value)
    {
        BodyReading reading = Read($$"""{"active":true,"expires_in":{{value}}}""");

        Assert.Equal("9999-12-31T23:59:59.0000000+00:00", reading.Response!.ExpiresAt?.ToString("O", CultureInfo.InvariantCulture));
        Assert.True(reading.HasClampedDate);
    }

    [Theory]
    [InlineData("""{"active":true,"exp":1800000000000,"iat":1700000000000}""")]
    [InlineData("""{"active":true,"exp":1800000000000,"expires_in":1e300}""")]
    [InlineData("""{"active":true,"iat":1700000000000,"expires_in":60}""")]
    public void Two_dates_that_are_clamped_are_reported_like_one(string body) => Assert.True(Read(body).HasClampedDate);

    [Theory]
    [InlineData("-1")]
    [InlineData("\"-1\"")]
    [InlineData("\"\"")]
    [InlineData("\"never\"")]
    [InlineData("\"3600 \"")]
    [InlineData("\"1 hour\"")]
    [InlineData("1e400")]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData("[3600]")]
    [InlineData("{}")]
    public void A_lifetime_of_another_kind_makes_the_response_unusable_without_exp_and_is_ignored_with_it(string value)
    {
        Assert.Equal("its member 'expires_in' is not a number of seconds", Read($$"""{"active":true,"expires_in":{{value}}}""").Fault);
        Assert.Equal(
            "its member 'expires_in' is not a number of seconds",
            Read($$"""{"expires_in":{{value}},"active":true,"exp":null}""").Fault
        );
        Assert.Equal(
            1_800_000_000,
            Read($$"""{"active":true,"exp":1800000000,"expires_in":{{value}}}""").Response!.ExpiresAt?.ToUnixTimeSeconds()
        );
        Assert.True(Read($$"""{"active":true,"exp":1700000000000,"expires_in":{{value}}}""").Response!.IsExpiryUncertain);
        Assert.Null(Read($$"""{"active":false,"expires_in":{{value}}}""").Fault);
    }

    [Theory]
    [InlineData("""{"active":true,"exp":1800000000,"expires_in":60}""", 1_800_000_000, false)]
    [InlineData("""{"active":true,"expires_in":60,"exp":1800000000}""", 1_800_000_000, false)]
    [InlineData("""{"active":true,"exp":"1700000001","expires_in":3600}""", 1_700_000_001, false)]
    [InlineData("""{"active":true,"exp":1800000000000,"expires_in":60}""", 1_700_000_060, true)] // milliseconds: no use for anybody
    [InlineData("""{"active":true,"expires_in":60,"exp":1800000000000}""", 1_700_000_060, true)]
    [InlineData("""{"active":true,"exp":1800000000,"expires_in":null}""", 1_800_000_000, false)]
    [InlineData("""{"active":true,"iat":1700000000000,"exp":253402000000}""", 253402000000, false)] // the last days of 9999
    public void A_usable_exp_alone_decides(string body, long expiresAt, bool isUncertain)
    {
        IntrospectionResponse response = Read(body).Response!;

        Assert.Equal((expiresAt, isUncertain), (response.ExpiresAt?.ToUnixTimeSeconds(), response.IsExpiryUncertain));
    }

    [Theory]
    [InlineData("1767225600000", true)]
    [InlineData("\"1767225600000\"", true)]
    [InlineData("1767225600", false)]
    [InlineData("\"yesterday\"", false)]
    [InlineData("-1", false)]
    [InlineData("[1767225600000]", false)]
    [InlineData("null", false)]
    public void An_invalid_auth_time_does_not_make_a_response_unusable_but_milliseconds_are_reported(string value, bool isClamped)
    {
        BodyReading reading = Read($$"""{"active":true,"auth_time":{{value}}}""");

        Assert.Equal((null, isClamped), (reading.Fault, reading.HasClampedDate));
    }

    [Theory]
    [InlineData("exp")]
    [InlineData("nbf")]
    [InlineData("iat")]
    [InlineData("auth_time")]
    [InlineData("expires_in")]
    public void A_number_in_a_string_stays_a_string_member(string name)
    {
        IntrospectionResponse response = Read($$"""{"active":true,"{{name}}":"1800000000"}""").Response!;

        Assert.Equal(new MemberValue(name, "1800000000", ClaimValueTypes.String), Assert.Single(response.Members));
    }

    [Fact]
    public void Each_date_is_read_from_its_own_member()
    {
        IntrospectionResponse response = Read("""{"active":true,"iat":1,"nbf":2,"exp":3}""").Response!;

        Assert.Equal(1, response.IssuedAt?.ToUnixTimeSeconds());
        Assert.Equal(2, response.NotBefore?.ToUnixTimeSeconds());
        Assert.Equal(3, response.ExpiresAt?.ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void Nesting_is_limited_to_32_levels(int depth, bool isUsable)
    {
        foreach ((string open, string close) in new[] { ("[", "]"), ("{\"a\":", "}") })
        {
            string nested = string.Concat(Enumerable.Repeat(open, depth - 1)) + "1" + string.Concat(Enumerable.Repeat(close, depth - 1));

            BodyReading reading = Read($$"""{"active":true,"x":{{nested}}}""");

            Assert.Equal(isUsable, reading.Fault is null);
        }
    }

    [Theory]
    [InlineData("\"api\"", "api")]
    [InlineData("[\"a\",\"b\"]", "a|b")]
    [InlineData("[\"a\",null,1,true,{\"b\":1},\"c\"]", "a|c")]
    [InlineData("null", "")]
    [InlineData("[]", "")]
    [InlineData("5", "")]
    [InlineData("{\"aud\":\"api\"}", "")]
    public void Audiences_are_read_from_a_string_or_an_array(string value, string audiences)
    {
        BodyReading reading = Read($$"""{"active":true,"aud":{{value}}}""");

        Assert.Equal(audiences, string.Join('|', reading.Response!.Audiences));
    }

    [Theory]
    [InlineData("\"https://a.example\"", "https://a.example")]
    [InlineData("\"\"", "")]
    [InlineData("null", null)]
    [InlineData("5", "")]
    [InlineData("[\"https://a.example\"]", "")]
    [InlineData("{}", "")]
    public void The_issuer_is_a_string_and_any_other_value_matches_no_issuer(string value, string? issuer)
    {
        BodyReading reading = Read($$"""{"active":true,"iss":{{value}}}""");

        Assert.Equal(issuer, reading.Response!.Issuer);
    }

    [Fact]
    public void Members_keep_their_order_and_case()
    {
        IntrospectionResponse response = Read("""{"z":"1","active":true,"A":"2","a":"3","\u006d":"4"}""").Response!;

        Assert.Equal("z=1 A=2 a=3 m=4", string.Join(' ', response.Members.Select(member => $"{member.Name}={member.Text}")));
    }

    [Theory]
    [InlineData("\"text\"", "text", ClaimValueTypes.String)]
    [InlineData("\"\"", "", ClaimValueTypes.String)]
    [InlineData("\"\\u00e9\\n\\\"\"", "é\n\"", ClaimValueTypes.String)]
    [InlineData("\"null\"", "null", ClaimValueTypes.String)]
    [InlineData("5", "5", ClaimValueTypes.Integer64)]
    [InlineData("-5", "-5", ClaimValueTypes.Integer64)]
    [InlineData("9223372036854775807", "9223372036854775807", ClaimValueTypes.Integer64)]
    [InlineData("9223372036854775808", "9223372036854775808", ClaimValueTypes.Double)]
    [InlineData("1.50", "1.50", ClaimValueTypes.Double)]
    [InlineData("1e2", "1e2", ClaimValueTypes.Double)]
    [InlineData("true", "true", ClaimValueTypes.Boolean)]
    [InlineData("false", "false", ClaimValueTypes.Boolean)]
    [InlineData("{}", "{}", "JSON")]
    [InlineData("{ \"b\": [1, null] }", "{ \"b\": [1, null] }", "JSON")]
    [InlineData("[[1,2]]", "[1,2]", "JSON_ARRAY")]
    public void Each_JSON_type_has_a_claim_value_type(string value, string text, string valueType)
    {
        IntrospectionResponse response = Read($$"""{"active":true,"x":{{value}}}""").Response!;

        MemberValue member = Assert.Single(response.Members);
        Assert.Equal("x", member.Name);
        Assert.Equal(text, member.Text);
        Assert.Equal(valueType, member.ValueType);
    }

    [Theory]
    [InlineData("[]", "it is not a JSON object")]
    [InlineData("true", "it is not a JSON object")]
    [InlineData("""{"active":true,}""", "it is not JSON, or nested too deeply")]
    [InlineData("""{"active":true,"sub":"\ud800"}""", "it has a string that is not Unicode")]
    [InlineData("""{"sub":"a"}""", "it has no member 'active'")]
    public void The_log_says_what_is_wrong_with_a_body(string body, string fault) => Assert.Equal(fault, Read(body).Fault);

    [Fact]
    public void The_body_of_an_active_response_is_kept_without_its_byte_order_mark_if_that_is_wanted()
    {
        byte[] body = [.. "\uFEFF{\"active\":true}"u8];

        Assert.Equal(body[3..], IntrospectionResponseReader.Read(body, s_askedAt, keepsBody: true).Body);
        Assert.Null(IntrospectionResponseReader.Read(body, s_askedAt).Body);
        Assert.Null(IntrospectionResponseReader.Read("""{"active":false}"""u8, s_askedAt, keepsBody: true).Body);
    }

    [Fact]
    public void Cached_responses_share_their_strings_up_to_128_bytes()
    {
        string longest = new('a', 128);
        byte[] body = Encoding.UTF8.GetBytes($$"""{"active":true,"x":"{{longest}}","y":"{{longest}}a"}""");
        var strings = new StringPool();

        MemberValue[] first = IntrospectionResponseReader.Read(body, s_askedAt, strings).Response!.Members,
            second = IntrospectionResponseReader.Read(body, s_askedAt, strings).Response!.Members;

        Assert.Equal(longest, first[0].Text);
        Assert.Same(first[0].Text, second[0].Text);
        Assert.NotSame(first[1].Text, second[1].Text);
    }

    [Fact]
    public void The_facts_of_a_response_are_those_of_its_members()
    {
        var facts = ResponseFacts.Of(
            Read("""{"active":true,"iss":"i","aud":"a","exp":3,"nbf":2,"token_use":"refresh","cnf":{"jkt":"x"}}""").Response
        );
        var none = ResponseFacts.Of(Read("""{"active":true}""").Response);

        Assert.Equal((3, 2), (facts.ExpiresAt?.ToUnixTimeSeconds(), facts.NotBefore?.ToUnixTimeSeconds()));
        Assert.Equal(("i", "a", TokenKind.Refresh), (facts.Issuer, Assert.Single(facts.Audiences), facts.Kind));
        Assert.True(facts.IsBound && facts.HasMembers);
        Assert.False(none.IsBound || none.HasMembers || none.IsExpiryUncertain);
        Assert.True(none.ExpiresAt is null && none.NotBefore is null && none.Issuer is null);
    }

    private static BodyReading Read(string body) => IntrospectionResponseReader.Read(Encoding.UTF8.GetBytes(body), s_askedAt);

    private static DateTimeOffset? DateOf(IntrospectionResponse? response, string member) =>
        member switch
        {
            "exp" => response?.ExpiresAt,
            "nbf" => response?.NotBefore,
            _ => response?.IssuedAt,
        };
}

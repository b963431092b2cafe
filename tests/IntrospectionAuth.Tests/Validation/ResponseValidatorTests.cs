using System.Text;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Validation;

namespace IntrospectionAuth.Tests.Validation;

/// <summary>Which active responses are accepted.</summary>
public sealed class ResponseValidatorTests
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Theory]
    [InlineData(0, "1700000001", null)]
    [InlineData(0, "1700000000.0000001", null)]
    [InlineData(0, "1700000000", OAuthIntrospectionFailure.Expired)]
    [InlineData(0, "1699999999", OAuthIntrospectionFailure.Expired)]
    [InlineData(0, "0", OAuthIntrospectionFailure.Expired)]
    [InlineData(0, "\"1700000000.0000001\"", null)]
    [InlineData(0, "\"1700000000\"", OAuthIntrospectionFailure.Expired)] // no tolerance, unlike nbf
    [InlineData(0, "null", null)]
    [InlineData(0, "1700000000000", null)]
    [InlineData(30, "1699999971", null)]
    [InlineData(30, "1699999970.5", null)]
    [InlineData(30, "1699999970", OAuthIntrospectionFailure.Expired)]
    [InlineData(3600, "1699996401", null)]
    [InlineData(3600, "1699996400", OAuthIntrospectionFailure.Expired)]
    public void A_token_is_rejected_from_exp_on(int skew, string exp, OAuthIntrospectionFailure? failure)
    {
        var options = new OAuthIntrospectionOptions { ClockSkew = TimeSpan.FromSeconds(skew) };

        Assert.Equal(failure, Validate($$"""{"active":true,"exp":{{exp}}}""", options));
    }

    [Theory]
    [InlineData(0, "1699999999", null)]
    [InlineData(0, "1700000000", null)]
    [InlineData(0, "1700000003", null)] // OpenIddict and glewlwyd: nbf is their own clock, which may be ahead
    [InlineData(0, "1700000005", null)]
    [InlineData(0, "\"1700000005\"", null)]
    [InlineData(0, "1700000005.0000001", OAuthIntrospectionFailure.NotYetValid)]
    [InlineData(0, "\"1700000005.0000001\"", OAuthIntrospectionFailure.NotYetValid)]
    [InlineData(0, "1700000006", OAuthIntrospectionFailure.NotYetValid)]
    [InlineData(0, "1700000000000", OAuthIntrospectionFailure.NotYetValid)]
    [InlineData(0, "null", null)]
    [InlineData(1, "1700000005", null)]
    [InlineData(1, "1700000005.0000001", OAuthIntrospectionFailure.NotYetValid)]
    [InlineData(5, "1700000005", null)]
    [InlineData(5, "1700000005.0000001", OAuthIntrospectionFailure.NotYetValid)]
    [InlineData(30, "1700000030", null)]
    [InlineData(30, "1700000030.0000001", OAuthIntrospectionFailure.NotYetValid)]
    public void A_token_is_rejected_before_nbf_minus_five_seconds_or_the_clock_skew(
        int skew,
        string nbf,
        OAuthIntrospectionFailure? failure
    )
    {
        var options = new OAuthIntrospectionOptions { ClockSkew = TimeSpan.FromSeconds(skew) };

        Assert.Equal(failure, Validate($$"""{"active":true,"nbf":{{nbf}}}""", options));
    }

    [Fact]
    public void iat_is_ignored() => Assert.Null(Validate("""{"active":true,"iat":1800000000}"""));

    [Theory]
    [InlineData("", true)] // none configured
    [InlineData("https://a.example", true)]
    [InlineData("https://b.example https://a.example", true)]
    [InlineData("https://b.example", false)]
    [InlineData("https://a.example/", false)]
    [InlineData("https://A.example", false)]
    [InlineData("HTTPS://a.example", false)]
    [InlineData("http://a.example", false)]
    [InlineData("https://a.exampl", false)]
    [InlineData("https://a.example.evil.example", false)]
    public void The_issuer_must_be_a_configured_one(string issuers, bool isAccepted)
    {
        var options = new OAuthIntrospectionOptions();
        AddAll(options.ValidIssuers, issuers);

        Assert.Equal(
            isAccepted ? null : OAuthIntrospectionFailure.WrongIssuer,
            Validate("""{"active":true,"iss":"https://a.example"}""", options)
        );
    }

    [Theory]
    [InlineData("""{"active":true}""")]
    [InlineData("""{"active":true,"iss":null}""")]
    [InlineData("""{"active":true,"iss":""}""")]
    [InlineData("""{"active":true,"iss":["https://a.example"]}""")]
    [InlineData("""{"active":true,"iss":{"iss":"https://a.example"}}""")]
    [InlineData("""{"active":true,"iss":5}""")]
    [InlineData("""{"active":true,"Iss":"https://a.example"}""")]
    [InlineData("""{"active":true,"iss":" https://a.example"}""")]
    [InlineData("""{"active":true,"iss":"https://a.example\u0000"}""")]
    [InlineData("""{"active":true,"iss":"https://\u0430.example"}""")] // Cyrillic a
    public void With_configured_issuers_a_token_of_no_such_issuer_is_rejected(string body)
    {
        var options = new OAuthIntrospectionOptions { ValidIssuers = { "https://a.example" } };

        Assert.Equal(OAuthIntrospectionFailure.WrongIssuer, Validate(body, options));
    }

    [Theory]
    [InlineData("https://a.example", "", "\"https://a.example\"", true)]
    [InlineData("https://a.example", "", null, true)] // not every server says who it is
    [InlineData("https://a.example", "", "null", true)]
    [InlineData("https://a.example", "", "\"https://b.example\"", false)]
    [InlineData("https://a.example", "", "\"https://a.example/\"", false)]
    [InlineData("https://a.example/", "", "\"https://a.example\"", false)]
    [InlineData("https://a.example/", "", "\"https://a.example/\"", true)]
    [InlineData("https://a.example", "", "\"https://A.example\"", false)]
    [InlineData("https://a.example", "", "\"\"", false)]
    [InlineData("https://a.example", "", "[\"https://a.example\"]", false)]
    [InlineData("https://a.example", "", "5", false)]
    [InlineData("https://a.example", "https://b.example", "\"https://b.example\"", true)]
    [InlineData("https://a.example", "https://b.example", "\"https://a.example\"", false)]
    [InlineData("https://a.example", "https://b.example", null, false)]
    [InlineData("https://a.example/", "https://a.example https://a.example/", "\"https://a.example\"", true)] // the remedy for a slash
    [InlineData(null, "", "\"https://b.example\"", true)]
    [InlineData("", "", "\"https://b.example\"", true)]
    public void Without_valid_issuers_an_issuer_must_be_Authority_wherever_the_endpoint_comes_from(
        string? authority,
        string validIssuers,
        string? issuer,
        bool isAccepted
    )
    {
        foreach (string? endpoint in new[] { null, "https://gateway.example/introspect" })
        {
            var options = new OAuthIntrospectionOptions { Authority = authority, IntrospectionEndpoint = endpoint };
            AddAll(options.ValidIssuers, validIssuers);

            string body = issuer is null ? """{"active":true}""" : $$"""{"active":true,"iss":{{issuer}}}""";
            Assert.Equal(isAccepted ? null : OAuthIntrospectionFailure.WrongIssuer, Validate(body, options));
        }
    }

    [Theory]
    [InlineData("\"api\"")]
    [InlineData("[\"api\"]")]
    [InlineData("[\"other\",\"api\"]")]
    [InlineData("[null,5,\"api2\"]")]
    public void One_configured_audience_is_sufficient(string aud)
    {
        var options = new OAuthIntrospectionOptions { Audiences = { "api", "api2" } };

        Assert.Null(Validate($$"""{"active":true,"aud":{{aud}}}""", options));
    }

    [Theory]
    [InlineData("""{"active":true}""")]
    [InlineData("""{"active":true,"aud":null}""")]
    [InlineData("""{"active":true,"aud":""}""")]
    [InlineData("""{"active":true,"aud":[]}""")]
    [InlineData("""{"active":true,"aud":"other"}""")]
    [InlineData("""{"active":true,"aud":["other"]}""")]
    [InlineData("""{"active":true,"aud":"API"}""")]
    [InlineData("""{"active":true,"aud":"ap"}""")]
    [InlineData("""{"active":true,"aud":"api2"}""")]
    [InlineData("""{"active":true,"aud":"api "}""")]
    [InlineData("""{"active":true,"aud":"api other"}""")]
    [InlineData("""{"active":true,"aud":"other,api"}""")]
    [InlineData("""{"active":true,"aud":{"api":"api"}}""")]
    [InlineData("""{"active":true,"aud":[["api"]]}""")]
    [InlineData("""{"active":true,"aud":[{"aud":"api"}]}""")]
    [InlineData("""{"active":true,"Aud":"api"}""")]
    [InlineData("""{"active":true,"audience":"api"}""")]
    [InlineData("""{"active":true,"client_id":"api"}""")]
    public void With_configured_audiences_a_token_for_no_such_audience_is_rejected(string body)
    {
        var options = new OAuthIntrospectionOptions { Audiences = { "api" } };

        Assert.Equal(OAuthIntrospectionFailure.WrongAudience, Validate(body, options));
    }

    [Theory]
    [InlineData("true")]
    [InlineData("5")]
    [InlineData("{}")]
    public void An_audience_that_is_not_a_string_matches_no_configured_audience(string aud)
    {
        var options = new OAuthIntrospectionOptions { Audiences = { aud } };

        Assert.Equal(OAuthIntrospectionFailure.WrongAudience, Validate($$"""{"active":true,"aud":{{aud}}}""", options));
    }

    [Theory]
    [InlineData("token_type", "refresh_token")]
    [InlineData("token_type", "Refresh")]
    [InlineData("token_type", "id_token")]
    [InlineData("token_type", "ID")]
    [InlineData("token_use", "refresh")]
    [InlineData("token_use", "id")]
    [InlineData("token_usage", "refresh_token")]
    [InlineData("token_usage", "id_token")]
    [InlineData("typ", "Refresh")]
    [InlineData("typ", "ID")]
    public void A_token_of_another_type_is_rejected(string member, string word) =>
        Assert.Equal(OAuthIntrospectionFailure.WrongTokenType, Validate($$"""{"active":true,"{{member}}":"{{word}}"}"""));

    [Theory]
    [InlineData("""{"active":true}""")]
    [InlineData("""{"active":true,"token_type":null}""")]
    [InlineData("""{"active":true,"token_type":"Bearer","typ":"at+jwt","token_use":"access","token_usage":"access_token"}""")]
    public void An_access_token_and_a_token_without_a_type_are_accepted(string body) => Assert.Null(Validate(body));

    [Theory]
    [InlineData("""{"active":true,"token_type":"refresh_token"}""", null)]
    [InlineData("""{"active":true,"typ":"Refresh"}""", null)]
    [InlineData("""{"active":true,"token_type":"Bearer"}""", null)]
    [InlineData("""{"active":true,"token_type":"id_token"}""", OAuthIntrospectionFailure.WrongTokenType)]
    [InlineData("""{"active":true,"token_type":"refresh_token","token_use":"id"}""", OAuthIntrospectionFailure.WrongTokenType)]
    [InlineData("""{"active":true,"typ":"ID","token_type":"refresh_token"}""", OAuthIntrospectionFailure.WrongTokenType)]
    [InlineData("""{"active":true,"token_type":5}""", OAuthIntrospectionFailure.WrongTokenType)]
    public void Accepting_refresh_tokens_accepts_no_other_type(string body, OAuthIntrospectionFailure? failure)
    {
        var options = new OAuthIntrospectionOptions { AcceptRefreshTokens = true };

        Assert.Equal(failure, Validate(body, options));
    }

    [Theory]
    [InlineData("service", "service", true)]
    [InlineData("Service", "SERVICE", true)]
    [InlineData("service", "service_token", false)]
    [InlineData("other", "service", false)]
    [InlineData("service", "refresh", false)]
    public void Configured_token_uses_are_accepted(string accepted, string word, bool isAccepted)
    {
        var options = new OAuthIntrospectionOptions { AcceptedTokenUses = { accepted } };

        foreach (string member in new[] { "token_use", "token_usage" })
        {
            Assert.Equal(
                isAccepted ? null : OAuthIntrospectionFailure.WrongTokenType,
                Validate($$"""{"active":true,"{{member}}":"{{word}}"}""", options)
            );
        }
    }

    [Theory]
    [InlineData("""{"active":true,"token_use":["access","service"]}""", null)]
    [InlineData("""{"active":true,"token_use":["access","media"]}""", OAuthIntrospectionFailure.WrongTokenType)]
    [InlineData("""{"active":true,"token_use":"service","token_usage":"media"}""", OAuthIntrospectionFailure.WrongTokenType)]
    [InlineData("""{"active":true,"token_use":"service","typ":"ID"}""", OAuthIntrospectionFailure.WrongTokenType)]
    [InlineData("""{"active":true,"token_use":"service","token_type":"refresh_token"}""", null)] // AcceptRefreshTokens is on
    [InlineData("""{"active":true,"token_use":"media","token_type":"refresh_token"}""", OAuthIntrospectionFailure.WrongTokenType)]
    public void Every_token_use_must_be_accepted(string body, OAuthIntrospectionFailure? failure)
    {
        var options = new OAuthIntrospectionOptions { AcceptedTokenUses = { "service" }, AcceptRefreshTokens = true };

        Assert.Equal(failure, Validate(body, options));
    }

    private static OAuthIntrospectionFailure? Validate(string body, OAuthIntrospectionOptions? options = null)
    {
        IntrospectionResponse response = IntrospectionResponseReader.Read(Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch).Response!;
        return ResponseValidator.Validate(response, new(response), options ?? new(), s_now);
    }

    private static void AddAll(IList<string> list, string values)
    {
        foreach (string value in values.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            list.Add(value);
    }
}

using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Validation;

/// <summary>Active tokens that this API does not accept. Every request is validated again.</summary>
public sealed class ValidationTests
{
    private const string Expired = "The access token has expired.";
    private const string NotYetValid = "The access token is not valid yet.";
    private const string WrongIssuer = "The access token was issued by another authorization server.";
    private const string WrongAudience = "The access token is intended for another audience.";
    private const string WrongTokenType = "The token is not an access token.";
    private const string BindingNotProved = "The request does not prove possession of the key of the access token.";
    private const string MissingRequiredClaim = "The access token lacks a required claim.";

    [Theory]
    [InlineData("""{"active":true,"exp":1767225600,"iss":"https://a.example","aud":"api","org_id":"o"}""", Expired)]
    [InlineData("""{"active":true,"nbf":1767225606,"iss":"https://a.example","aud":"api","org_id":"o"}""", NotYetValid)]
    [InlineData("""{"active":true,"iss":"https://b.example","aud":"api","org_id":"o"}""", WrongIssuer)]
    [InlineData("""{"active":true,"aud":"api","org_id":"o"}""", WrongIssuer)]
    [InlineData("""{"active":true,"iss":"https://a.example","aud":"other","org_id":"o"}""", WrongAudience)]
    [InlineData("""{"active":true,"iss":"https://a.example","org_id":"o"}""", WrongAudience)]
    [InlineData("""{"active":true,"iss":"https://a.example","aud":"api","org_id":"o","token_type":"refresh_token"}""", WrongTokenType)]
    [InlineData("""{"active":true,"iss":"https://a.example","aud":"api","org_id":"o","typ":"ID"}""", WrongTokenType)]
    [InlineData("""{"active":true,"iss":"https://a.example","aud":"api","org_id":"o","cnf":{"jwk":{}}}""", BindingNotProved)]
    [InlineData("""{"active":true,"iss":"https://a.example","aud":"api","org_id":"o","token_type":"DPoP"}""", BindingNotProved)]
    [InlineData("""{"active":true,"iss":"https://a.example","aud":"api"}""", MissingRequiredClaim)]
    [InlineData("""{"active":true,"iss":"https://a.example","aud":"api","org_id":null}""", MissingRequiredClaim)]
    [InlineData("""{"active":true,"iss":"https://a.example","aud":"api","org_id":[]}""", MissingRequiredClaim)]
    [InlineData("""{"active":true,"iss":"https://a.example","aud":"api","ORG_ID":"o"}""", MissingRequiredClaim)]
    public async Task An_active_token_for_another_API_is_rejected_cached_or_not(string body, string description)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, body);
        await using TestApi api = await StartAsync(server, new ManualTimeProvider());

        using HttpResponseMessage cold = await api.GetAsync("/me", "token");
        using HttpResponseMessage warm = await api.GetAsync("/me", "token");

        foreach (HttpResponseMessage response in new[] { cold, warm })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal(
                $"Bearer error=\"invalid_token\", error_description=\"{description}\"",
                response.Headers.WwwAuthenticate.ToString()
            );
        }
    }

    [Fact]
    public async Task A_token_for_this_API_is_accepted()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, """{"active":true,"exp":1767225601,"nbf":1767225605,"iss":"https://a.example","aud":"api","org_id":"o"}""");
        await using TestApi api = await StartAsync(server, new ManualTimeProvider());

        using HttpResponseMessage response = await api.GetAsync("/me", "token");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(59, HttpStatusCode.OK)]
    [InlineData(60, HttpStatusCode.Unauthorized)]
    public async Task A_token_that_expires_between_two_requests_is_rejected_by_the_second(int seconds, HttpStatusCode status)
    {
        var time = new ManualTimeProvider();
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, """{"active":true,"exp":1767225660}""");
        await using TestApi api = await TestApi.StartAsync(server, time: time);
        (await api.GetAsync("/me", "token")).EnsureSuccessStatusCode().Dispose();

        time.Advance(TimeSpan.FromSeconds(seconds));
        using HttpResponseMessage response = await api.GetAsync("/me", "token");

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData(89, HttpStatusCode.OK)]
    [InlineData(90, HttpStatusCode.Unauthorized)]
    public async Task The_clock_skew_is_granted_after_exp(int seconds, HttpStatusCode status)
    {
        var time = new ManualTimeProvider();
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, """{"active":true,"exp":1767225660}""");
        await using TestApi api = await TestApi.StartAsync(server, options => options.ClockSkew = TimeSpan.FromSeconds(30), time);

        time.Advance(TimeSpan.FromSeconds(seconds));
        using HttpResponseMessage response = await api.GetAsync("/me", "token");

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task A_cached_response_is_accepted_once_nbf_has_passed()
    {
        var time = new ManualTimeProvider();
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, """{"active":true,"nbf":1767225615,"exp":1767229200}""");
        await using TestApi api = await TestApi.StartAsync(server, time: time);

        using HttpResponseMessage early = await api.GetAsync("/me", "token");
        time.Advance(TimeSpan.FromSeconds(10));
        using HttpResponseMessage later = await api.GetAsync("/me", "token");

        Assert.Equal(HttpStatusCode.Unauthorized, early.StatusCode);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
        Assert.Equal(1, server.CallCount);
    }

    [Fact]
    public async Task With_a_configured_endpoint_Authority_rejects_tokens_of_other_issuers_cached_or_not()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, """{"active":true,"iss":"https://another.example"}""");
        await using TestApi api = await TestApi.StartAsync(server, options => options.Authority = "https://a.example");

        for (int request = 0; request < 2; request++)
        {
            using HttpResponseMessage response = await api.GetAsync("/me", "token");
            Assert.Equal(
                $"Bearer error=\"invalid_token\", error_description=\"{WrongIssuer}\"",
                response.Headers.WwwAuthenticate.ToString()
            );
        }

        Assert.Equal(1, server.CallCount);
    }

    [Theory]
    [InlineData(
        """{"active":true,"sub":"secret-subject","typ":"Refresh"}""",
        "WrongTokenType (type: expected an access token; found typ Refresh)."
    )]
    [InlineData(
        """{"active":true,"sub":"secret-subject","token_type":"Bearer","token_use":"service"}""",
        "WrongTokenType (type: expected an access token; found token_use service)."
    )]
    [InlineData(
        """{"active":true,"token_usage":["access_token","id_token"],"typ":"secevent+jwt"}""",
        "WrongTokenType (type: expected an access token; found token_usage id_token, typ secevent+jwt)."
    )]
    [InlineData(
        """{"active":true,"typ":{"sub":"secret-subject"}}""",
        "WrongTokenType (type: expected an access token; found typ (not a plain value))."
    )]
    [InlineData(
        """{"active":true,"token_use":"opaque-4711"}""",
        "WrongTokenType (type: expected an access token; found token_use (a value that repeats the token or a secret))."
    )]
    [InlineData(
        """{"active":true,"token_use":"a\r\nfail: \u001b[31m\u202e\"\\\ud83d\ude00"}""",
        @"WrongTokenType (type: expected an access token; found token_use ""a\u000d\u000afail: \u001b[31m\u202e\u0022\u005c\ud83d\ude00"")."
    )]
    [InlineData(
        """{"active":true,"sub":"secret-subject","exp":"1767225600"}""",
        "Expired (exp: expected a time in the future; found 2026-01-01 00:00:00Z, 0 s ago)."
    )]
    [InlineData(
        """{"active":true,"nbf":1767225606}""",
        "NotYetValid (nbf: expected a time at most 5 s in the future; found 2026-01-01 00:00:06Z, 6 s in the future)."
    )]
    [InlineData(
        """{"active":true,"iss":"https://another.example","sub":"secret-subject"}""",
        "WrongIssuer (issuer: expected one of https://a.example; found https://another.example)."
    )]
    [InlineData(
        """{"active":true,"aud":["one","two"],"sub":"secret-subject"}""",
        "WrongAudience (audience: expected one of api; found one, two)."
    )]
    [InlineData(
        """{"active":true,"sub":"secret-subject"}""",
        "MissingRequiredClaim (required claim org_id: expected a value; found none)."
    )]
    [InlineData(
        """{"active":true,"cnf":{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}}""",
        "DPoPRequired (DPoP binding: expected a DPoP proof by the key of the token's jkt; found a bearer token, without a proof)."
    )]
    [InlineData(
        """{"active":true,"cnf":{"x5t#S256":"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"}}""",
        "BindingNotProved (certificate binding: expected the client certificate of the token's x5t#S256; found no client certificate, or "
            + "another one)."
    )]
    [InlineData(
        """{"active":true,"cnf":{"kid":"secret-subject"}}""",
        "BindingNotProved (cnf: expected jkt or x5t#S256 alone; found a binding that is not supported)."
    )]
    [InlineData("""{"active":false,"sub":"secret-subject"}""", "Inactive (response: expected active; found inactive")]
    public async Task The_log_of_a_rejection_names_the_rejected_values_and_nothing_else(string body, string text)
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, body);
        await using TestApi api = await TestApi.StartAsync(
            server,
            options =>
            {
                if (text.StartsWith("WrongIssuer", StringComparison.Ordinal))
                    options.ValidIssuers.Add("https://a.example");
                if (text.StartsWith("WrongAudience", StringComparison.Ordinal))
                    options.Audiences.Add("api");
                if (text.StartsWith("MissingRequiredClaim", StringComparison.Ordinal))
                    options.RequiredClaims.Add("org_id");
            },
            new ManualTimeProvider()
        );

        for (int request = 0; request < 2; request++)
        {
            using HttpResponseMessage response = await api.GetAsync("/me", "opaque-4711");
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        string[] logged = [.. api.Log.Entries.Where(entry => entry.Event.Name == "NotAuthenticated").Select(entry => entry.Text)];
        Assert.Equal(2, logged.Length);
        Assert.All(logged, line => Assert.Contains("the token was not accepted: " + text, line, StringComparison.Ordinal));
        Assert.DoesNotContain("secret-subject", api.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("opaque-4711", api.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("refresh_token", "AcceptedTokenUses has a value that means a refresh token. Remove it, or set AcceptRefreshTokens.")]
    [InlineData("Offline", "AcceptedTokenUses has a value that means a refresh token. Remove it, or set AcceptRefreshTokens.")]
    [InlineData("id", "AcceptedTokenUses has a value that never means an access token, such as one for ID tokens. Remove it.")]
    [InlineData("logout+jwt", "AcceptedTokenUses has a value that never means an access token, such as one for ID tokens. Remove it.")]
    [InlineData(" ", "AcceptedTokenUses has an empty value. Remove it, or write the value that is meant.")]
    public async Task A_token_use_that_never_denotes_an_access_token_fails_at_startup(string use, string fault)
    {
        await using var server = FakeAuthorizationServer.Create();

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            TestApi.StartAsync(server, options => options.AcceptedTokenUses.Add(use))
        );

        Assert.Contains(fault, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changed_options_apply_to_a_cached_response()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, """{"active":true,"token_use":"service"}""");
        await using TestApi api = await TestApi.StartAsync(server, options => options.AcceptedTokenUses.Add("service"));
        (await api.GetAsync("/me", "token")).EnsureSuccessStatusCode().Dispose();

        api.Services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>()
            .Get(OAuthIntrospectionDefaults.AuthenticationScheme)
            .AcceptedTokenUses.Clear();
        using HttpResponseMessage response = await api.GetAsync("/me", "token");

        Assert.Equal((HttpStatusCode.Unauthorized, 1), (response.StatusCode, server.CallCount));
    }

    [Fact]
    public async Task The_log_of_a_rejection_is_truncated_at_200_characters()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, $$"""{"active":true,"token_use":["{{new string('x', 5000)}}","{{new string('y', 5000)}}"]}""");
        await using TestApi api = await TestApi.StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/me", "token");

        string text = Assert.Single(api.Log.Entries, entry => entry.Event.Name == "NotAuthenticated").Text;
        Assert.Contains($"found token_use {new string('x', 187)}...). ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rejection_may_have_no_description()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, """{"active":true,"cnf":{}}""");
        await using TestApi api = await TestApi.StartAsync(server, options => options.IncludeErrorDetails = false);

        using HttpResponseMessage response = await api.GetAsync("/me", "token");

        Assert.Equal("Bearer error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString());
    }

    private static Task<TestApi> StartAsync(FakeAuthorizationServer server, ManualTimeProvider time) =>
        TestApi.StartAsync(
            server,
            options =>
            {
                options.ValidIssuers.Add("https://a.example");
                options.Audiences.Add("api");
                options.RequiredClaims.Add("org_id");
            },
            time
        );
}

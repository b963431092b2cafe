using System.Globalization;
using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Diagnostics;

/// <summary>The list of checks and the decision never disagree.</summary>
public sealed class DecisionChecksTests
{
    private static readonly string[] s_parts =
    [
        "|\"exp\":1767225600|\"exp\":1767225601",
        "|\"nbf\":1767225606|\"nbf\":1767225605",
        "|\"iss\":\"https://a.example\"|\"iss\":\"https://b.example\"|\"iss\":5",
        "|\"aud\":\"api\"|\"aud\":[\"other\",\"third\"]",
        "|\"typ\":\"Refresh\"|\"token_use\":\"service\"|\"token_type\":\"Bearer\"",
        "|\"org_id\":\"o\"|\"ORG_ID\":\"o\"",
        "|\"cnf\":{}|\"cnf\":{\"jkt\":\"a\"}|\"cnf\":{\"x5t#S256\":\"a\"}|\"cnf\":{\"kid\":\"a\"}",
    ];

    private static readonly Action<OAuthIntrospectionOptions>[] s_options =
    [
        _ => { },
        options => options.ValidIssuers.Add("https://a.example"),
        options => options.Authority = "https://a.example",
        options => options.Audiences.Add("api"),
        options => options.AcceptedTokenUses.Add("service"),
        options => options.AcceptRefreshTokens = true,
        options => options.RequiredClaims.Add("org_id"),
        options => options.ClockSkew = TimeSpan.FromSeconds(30),
        options =>
        {
            options.ValidIssuers.Add("https://a.example");
            options.Audiences.Add("api");
            options.RequiredClaims.Add("org_id");
            options.RequiredClaims.Add("iss");
        },
    ];

    public static TheoryData<int> Options => [.. Enumerable.Range(0, s_options.Length)];

    [Theory]
    [MemberData(nameof(Options))]
    public async Task The_first_failed_check_is_the_failure_of_the_handler_cached_or_not(int index)
    {
        string[] bodies = [.. Bodies(index)];
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(async context =>
        {
            string token = (await context.Request.ReadFormAsync())["token"]!;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(bodies[int.Parse(token["body-".Length..], CultureInfo.InvariantCulture)]);
        });
        await using TestApi api = await TestApi.StartAsync(server, s_options[index], new ManualTimeProvider());
        var log = api.Services.GetRequiredService<DecisionLog>();
        log.IsEnabled = true;

        for (int i = 0; i < bodies.Length * 2; i++)
        {
            AuthenticateResult result = await api.AuthenticateAsync($"body-{i / 2}");

            Decision decision = log.Newest()[0];
            string about = $"{bodies[i / 2]} {string.Join("; ", decision.Checks.Select(check => $"{check} {check.Verdict}"))}";
            OAuthIntrospectionFailure? failure = (result.Failure as OAuthIntrospectionException)?.Failure;
            Assert.True(failure == decision.Failed?.Failure, $"{failure} is not {decision.Failed?.Failure}: {about}");
            Assert.True(failure == decision.Failure, about);
            Assert.True(result.Succeeded == decision.Outcome is DecisionOutcome.Accepted, about);
            AssertNothingIsReachedAfterAFailure(decision, about);
        }
    }

    [Fact]
    public async Task The_checks_of_an_accepted_token_are_in_the_order_of_the_handler()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(
            200,
            """{"active":true,"exp":1767225660,"iss":"https://a.example","aud":["api","other"],"token_type":"Bearer","org_id":"secret-org"}"""
        );
        await using TestApi api = await TestApi.StartAsync(server, s_options[^1], new ManualTimeProvider());
        var log = api.Services.GetRequiredService<DecisionLog>();
        log.IsEnabled = true;

        await api.AuthenticateAsync("opaque-4711");

        Assert.Equal(
            [
                "Passed token: expected one access token; found a bearer token of 11 characters",
                "NotApplicable token filter: expected any token",
                "NotApplicable DPoP proof: expected none for a bearer token",
                "Passed token kind: expected a token, not a signed introspection response (RFC 9701); found a token",
                "Passed response: expected active; found active",
                "Passed exp: expected a time in the future; found 2026-01-01 00:01:00Z, 60 s in the future",
                "NotApplicable nbf: expected a time at most 5 s in the future; found none",
                "Passed issuer: expected one of https://a.example; found https://a.example",
                "Passed audience: expected one of api; found api, other",
                "Passed type: expected an access token; found token_type Bearer",
                "Passed required claim org_id: expected a value; found a value",
                "Passed required claim iss: expected a value; found a value",
                "NotApplicable binding: expected a proof of possession, for a bound token; found a token that is not bound",
                "NotApplicable OnTokenValidated: expected no rejection by the application",
            ],
            log.Newest()[0].Checks.Select(check => $"{check.Verdict} {check}")
        );
    }

    [Theory]
    [InlineData(true, "null", "DPoP binding: expected a token that is bound to a key (RequireDPoP); found a token that is not")]
    [InlineData(
        true,
        """{"x5t#S256":"a"}""",
        "DPoP binding: expected a token that is bound to a key (RequireDPoP); found a token that is not"
    )]
    [InlineData(
        true,
        """{"jkt":"a"}""",
        "binding: expected a token that is not bound; found a bound token, and no request that proves possession"
    )]
    [InlineData(
        false,
        """{"jkt":"a"}""",
        "binding: expected a token that is not bound; found a bound token, and no request that proves possession"
    )]
    [InlineData(true, """{"kid":"a"}""", "cnf: expected jkt or x5t#S256 alone; found a binding that is not supported")]
    [InlineData(false, """{"kid":"a"}""", "cnf: expected jkt or x5t#S256 alone; found a binding that is not supported")]
    [InlineData(false, "null", null)]
    public async Task Without_a_request_the_binding_of_a_token_is_checked_before_its_proof(bool requiresDPoP, string cnf, string? expected)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server, options => options.RequireDPoP = requiresDPoP);
        var log = api.Services.GetRequiredService<DecisionLog>();
        log.IsEnabled = true;
        string token = server.IssueToken(it => it.Members["cnf"] = new FakeJson(cnf));

        await api
            .Services.GetRequiredService<OAuthIntrospector>()
            .ExplainAsync(token, OAuthIntrospectionDefaults.AuthenticationScheme, TestContext.Current.CancellationToken);

        Decision decision = log.Newest()[0];
        Assert.Equal((expected, decision.Failure), (decision.Failed?.ToString(), decision.Failed?.Failure));
        Check proof = Assert.Single(decision.Checks, static check => check.Name == "DPoP proof");
        Assert.Equal(CheckVerdict.NotApplicable, proof.Verdict);
        Assert.Equal(requiresDPoP ? "a valid proof (RequireDPoP)" : "none for a bearer token", proof.Expected);
    }

    [Fact]
    public async Task An_inactive_token_by_a_status_differs_from_one_by_a_response()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server, options => options.InactiveStatusCodes.Add(400));
        var log = api.Services.GetRequiredService<DecisionLog>();
        log.IsEnabled = true;

        server.RespondWith(200, """{"active":false}""");
        await api.AuthenticateAsync("opaque-4711");
        server.RespondWith(400);
        await api.AuthenticateAsync("opaque-4712");

        Assert.Equal(
            ["inactive, by a status of InactiveStatusCodes", "inactive"],
            log.Newest().Select(decision => decision.Checks.Single(check => check.Name == "response").Found)
        );
    }

    [Fact]
    public async Task A_check_that_was_not_reached_still_shows_what_is_known()
    {
        await using var server = FakeAuthorizationServer.Create();
        server.RespondWith(200, """{"active":true,"exp":1767225600,"aud":"other"}""");
        await using TestApi api = await TestApi.StartAsync(server, options => options.Audiences.Add("api"), new ManualTimeProvider());
        var log = api.Services.GetRequiredService<DecisionLog>();
        log.IsEnabled = true;

        await api.AuthenticateAsync("opaque-4711");

        Decision decision = log.Newest()[0];
        Assert.Equal("exp", decision.Failed?.Name);
        Check audience = Assert.Single(decision.Checks, check => check.Name == "audience");
        Assert.Equal((CheckVerdict.NotReached, "other"), (audience.Verdict, audience.Found));
    }

    private static void AssertNothingIsReachedAfterAFailure(Decision decision, string about)
    {
        CheckVerdict[] verdicts = [.. decision.Checks.Select(check => check.Verdict)];
        int failed = Array.IndexOf(verdicts, CheckVerdict.Failed);
        Assert.True(failed < 0 || !verdicts.Skip(failed + 1).Any(verdict => verdict is CheckVerdict.Passed or CheckVerdict.Failed), about);
        Assert.True(
            failed < 0 ? !verdicts.Contains(CheckVerdict.NotReached) : !verdicts.Take(failed).Contains(CheckVerdict.NotReached),
            about
        );
    }

    /// <summary>The first combinations, and a different part of all combinations for each set of options.</summary>
    private static IEnumerable<string> Bodies(int offset)
    {
        IEnumerable<string> all = s_parts.Aggregate(
            (IEnumerable<string>)["\"active\":true"],
            (bodies, part) => bodies.SelectMany(body => part.Split('|').Select(member => member.Length == 0 ? body : $"{body},{member}"))
        );
        return all.Where((_, i) => i % 31 == offset || i < 20).Select(body => $"{{{body}}}").Append("""{"active":false}""");
    }
}

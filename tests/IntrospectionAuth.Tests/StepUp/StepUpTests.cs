using System.Globalization;
using System.Net;
using System.Security.Claims;
using IntrospectionAuth.StepUp;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.StepUp;

/// <summary>Every way to require how and when a user authenticated, and the challenges (RFC 9470).</summary>
public sealed class StepUpTests : IAsyncDisposable
{
    private const string StepUp =
        "error=\"insufficient_user_authentication\", error_description=\"The user must authenticate again or with another method.\"";

    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server;

    public StepUpTests() => _server = FakeAuthorizationServer.Create(options => options.TimeProvider = _time);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("/acr", "gold", 0, true)]
    [InlineData("/acr", "silver", 0, true)]
    [InlineData("/acr", "bronze", 0, false)]
    [InlineData("/acr", "Gold", 0, false)]
    [InlineData("/acr", "gold silver", 0, false)]
    [InlineData("/acr", null, 0, false)]
    [InlineData("/recent", null, 60, true)]
    [InlineData("/recent", null, 61, false)]
    [InlineData("/recent", null, -5, true)] // the server's clock is ahead
    [InlineData("/recent", null, -6, false)]
    [InlineData("/recent", null, null, false)]
    [InlineData("/both", "gold", 60, true)]
    [InlineData("/both", "gold", 61, false)]
    [InlineData("/both", "bronze", 60, false)]
    [InlineData("/policy", "gold", 60, true)]
    [InlineData("/policy", "gold", 61, false)]
    [InlineData("/policy", "bronze", 60, false)]
    [InlineData("/attributes", "gold", 60, true)]
    [InlineData("/attributes", "gold", 61, false)]
    [InlineData("/attributes", "bronze", 60, false)]
    [InlineData("/group/plain", "silver", 0, true)]
    [InlineData("/group/plain", "bronze", 0, false)]
    [InlineData("/group/gold", "silver", 0, false)]
    [InlineData("/group/gold", "gold", 0, true)]
    [InlineData("/times", null, 30, true)]
    [InlineData("/times", null, 31, false)]
    [InlineData("/step-up/plain", "silver", null, true)]
    [InlineData("/step-up/plain", "bronze", null, false)]
    [InlineData("/step-up/gold", "gold", null, true)]
    [InlineData("/step-up/gold", "silver", null, false)]
    [InlineData("/step-up/recent", "silver", 60, true)]
    [InlineData("/step-up/recent", "silver", 61, false)]
    public async Task A_request_is_authorized_when_its_user_authenticated_as_required(
        string path,
        string? acr,
        int? secondsAgo,
        bool isOpen
    )
    {
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await api.GetAsync(path, Issue(acr, secondsAgo));

        Assert.Equal(isOpen ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(isOpen, response.Challenges().Length == 0);
    }

    [Theory]
    [InlineData("/acr", "acr_values=\"gold silver\"")]
    [InlineData("/recent", "max_age=\"60\"")]
    [InlineData("/both", "acr_values=\"gold silver\", max_age=\"60\"")]
    [InlineData("/policy", "acr_values=\"gold\", max_age=\"60\"")]
    [InlineData("/attributes", "acr_values=\"gold silver\", max_age=\"60\"")]
    [InlineData("/group/gold", "acr_values=\"gold\"")]
    [InlineData("/times", "max_age=\"30\"")]
    [InlineData("/long", "max_age=\"86400\"")]
    [InlineData("/fraction", "max_age=\"1\"")]
    [InlineData("/impossible", "acr_values=\"gold silver\"")]
    [InlineData("/step-up/gold", "acr_values=\"gold\"")]
    [InlineData("/step-up/recent", "acr_values=\"silver gold\", max_age=\"60\"")]
    public async Task The_challenge_names_the_required_authentication(string path, string parameters)
    {
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await api.GetAsync(path, Issue("bronze", 1_000_000));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal($"Bearer {StepUp}, {parameters}", response.Challenges());
    }

    [Theory]
    [InlineData("/acr")]
    [InlineData("/both")]
    [InlineData("/step-up/recent")]
    public async Task A_token_that_is_not_accepted_gets_no_step_up_challenge(string path)
    {
        await using TestApi api = await StartAsync();

        using HttpResponseMessage without = await api.GetAsync(path, token: null);
        using HttpResponseMessage unknown = await api.GetAsync(path, "unknown");

        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (without.StatusCode, without.Challenges()));
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
        Assert.StartsWith("Bearer error=\"invalid_token\"", unknown.Challenges(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cached_response_does_not_keep_an_authentication_recent()
    {
        await using TestApi api = await StartAsync();
        string token = Issue("gold", 50);

        using HttpResponseMessage recent = await api.GetAsync("/recent", token);
        _time.Advance(TimeSpan.FromSeconds(10));
        using HttpResponseMessage stillRecent = await api.GetAsync("/recent", token);
        _time.Advance(TimeSpan.FromTicks(1));
        using HttpResponseMessage old = await api.GetAsync("/recent", token);

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Unauthorized),
            (recent.StatusCode, stillRecent.StatusCode, old.StatusCode)
        );
        Assert.Equal(1, _server.CallCount);
    }

    [Theory]
    [InlineData("""1767225540""", true)]
    [InlineData("""1767225540.5""", true)]
    [InlineData("""1.76722554e9""", true)]
    [InlineData("""1767225539""", false)]
    [InlineData("\"1767225540\"", true)]
    [InlineData("\"1767225540.5\"", true)]
    [InlineData("\"1.76722554e9\"", true)]
    [InlineData("\"\\u0031767225540\"", true)]
    [InlineData("\"1767225539\"", false)]
    [InlineData("\" 1767225540\"", false)]
    [InlineData("\"1767225540\\u0000\"", false)]
    [InlineData("\"+1767225540\"", false)]
    [InlineData("\"-1767225540\"", false)]
    [InlineData("\"0x69559fc4\"", false)]
    [InlineData("\"\u0661\u0667\u0666\"", false)]
    [InlineData("\"1767225540000\"", false)]
    [InlineData("\"2026-01-01T00:00:00Z\"", false)]
    [InlineData("\"NaN\"", false)]
    [InlineData("\"1e999\"", false)]
    [InlineData("\"\"", false)]
    [InlineData("[\"1767225540\",1767225540]", false)]
    [InlineData("""1767225540000""", false)] // milliseconds by mistake: the far future is not recent
    [InlineData("""1e400""", false)]
    [InlineData("""-1""", false)]
    [InlineData("""0""", false)]
    [InlineData("""null""", false)]
    [InlineData("""true""", false)]
    [InlineData("""{}""", false)]
    [InlineData("""[1767225540,1767225540]""", false)]
    public async Task auth_time_is_one_number_or_numeric_string_and_otherwise_unknown(string authTime, bool isOpen)
    {
        await using TestApi api = await StartAsync();
        _server.RespondWith(200, $$"""{"active":true,"auth_time":{{authTime}}}""");

        using HttpResponseMessage response = await api.GetAsync("/recent", "opaque-4711");

        Assert.Equal(isOpen ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData(0, 60, true)]
    [InlineData(0, 61, false)]
    [InlineData(0, -5, true)]
    [InlineData(0, -6, false)]
    [InlineData(30, 90, true)]
    [InlineData(30, 91, false)]
    [InlineData(30, -30, true)]
    [InlineData(30, -31, false)]
    public async Task The_clock_skew_and_five_seconds_of_a_fast_server_clock_are_granted(int skew, int secondsAgo, bool isOpen)
    {
        await using TestApi api = await StartAsync(options => options.ClockSkew = TimeSpan.FromSeconds(skew));

        using HttpResponseMessage response = await api.GetAsync("/recent", Issue("gold", secondsAgo));

        Assert.Equal(isOpen ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task The_time_is_that_of_the_schemes_TimeProvider()
    {
        var clock = new ManualTimeProvider();
        clock.Advance(TimeSpan.FromHours(1));
        await using TestApi api = await StartAsync(options => options.TimeProvider = clock);
        string token = _server.IssueToken(it =>
        {
            it.Lifetime = TimeSpan.FromDays(1);
            it.Members["auth_time"] = ManualTimeProvider.Start.AddSeconds(3600 - 60).ToUnixTimeSeconds();
        });

        using HttpResponseMessage response = await api.GetAsync("/recent", token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode); // The application's clock would place it in the future.
    }

    [Theory]
    // One visit to the authorization server gets both
    [InlineData("bronze", "b", "Bearer scope=\"a\", " + StepUp + ", acr_values=\"gold silver\"")]
    [InlineData("bronze", "a", "Bearer " + StepUp + ", acr_values=\"gold silver\"")]
    public async Task A_step_up_challenge_takes_precedence_and_names_a_missing_scope(string acr, string scope, string challenge)
    {
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await api.GetAsync("/scope", Issue(acr, 0, scope));

        Assert.Equal((HttpStatusCode.Unauthorized, challenge), (response.StatusCode, response.Challenges()));
    }

    [Fact]
    public async Task A_missing_scope_alone_yields_403()
    {
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await api.GetAsync("/scope", Issue("gold", 0, "b"));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.StartsWith("Bearer error=\"insufficient_scope\"", response.Challenges(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_unmet_requirement_yields_403()
    {
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await api.GetAsync("/role", Issue("gold", 0));

        Assert.Equal((HttpStatusCode.Forbidden, ""), (response.StatusCode, response.Challenges()));
    }

    [Fact]
    public async Task AllowAnonymous_overrides_step_up()
    {
        await using TestApi api = await StartAsync();

        foreach (string path in new[] { "/step-up/open", "/open" })
        {
            using HttpResponseMessage response = await api.GetAsync(path, Issue("bronze", 1000));
            Assert.Equal((HttpStatusCode.OK, ""), (response.StatusCode, response.Challenges()));
        }
    }

    [Fact]
    public async Task The_problem_details_of_a_step_up_challenge_match_its_header()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.Realm = "api";
            options.Resource = "https://api.example.com";
        });

        using HttpResponseMessage response = await api.GetAsync("/acr", Issue("bronze", 0));

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(
            """{"title":"Unauthorized","status":401,"detail":"The user must authenticate """
                + """again or with another method.","error":"insufficient_user_authentication"}""",
            await response.Content.ReadAsStringAsync()
        );
        Assert.Equal(
            $"Bearer realm=\"api\", {StepUp}, acr_values=\"gold silver\", "
                + "resource_metadata=\"https://api.example.com/.well-known/oauth-protected-resource\"",
            response.Challenges()
        );
    }

    [Fact]
    public async Task An_event_may_change_the_challenge_and_its_values_are_escaped()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.IncludeErrorDetails = false;
            options.Events.OnForbidden = _ => throw new InvalidOperationException("It is a challenge.");
            options.Events.OnChallenge = context =>
            {
                Assert.Equal(
                    (401, "insufficient_user_authentication", "gold silver", TimeSpan.FromMinutes(1)),
                    (context.StatusCode, context.Error, context.AcrValues, context.MaxAge)
                );
                Assert.Null(context.AuthenticateFailure);
                context.AcrValues = "a\"\r\nb";
                context.MaxAge = TimeSpan.FromMinutes(2);
                return Task.CompletedTask;
            };
        });

        using HttpResponseMessage response = await api.GetAsync("/both", Issue("bronze", 0));

        Assert.Equal("Bearer error=\"insufficient_user_authentication\", acr_values=\"a\\\"??b\", max_age=\"120\"", response.Challenges());
    }

    [Fact]
    public async Task An_event_may_write_the_response_itself()
    {
        await using TestApi api = await StartAsync(options =>
            options.Events.OnChallenge = context =>
            {
                context.Response.StatusCode = 418;
                context.HandleResponse();
                return Task.CompletedTask;
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/acr", Issue("bronze", 0));

        Assert.Equal((418, ""), ((int)response.StatusCode, response.Challenges()));
    }

    [Theory]
    [InlineData("gold", 60, true)]
    [InlineData("gold", 61, false)]
    [InlineData("bronze", 60, false)]
    public async Task The_policy_name_of_an_attribute_requires_what_the_attribute_requires(string acr, int secondsAgo, bool expected)
    {
        await using TestApi api = await StartAsync();
        IAuthorizeData[] attributes = [new RequireAcrAttribute("gold"), new RequireRecentAuthenticationAttribute(60)];
        ClaimsPrincipal user = new(Identity("test", acr, secondsAgo));

        AuthorizationPolicy? policy = await AuthorizationPolicy.CombineAsync(
            api.Services.GetRequiredService<IAuthorizationPolicyProvider>(),
            attributes
        );
        AuthorizationResult result = await api
            .Services.GetRequiredService<IAuthorizationService>()
            .AuthorizeAsync(user, resource: null, policy!);

        Assert.Equal(expected, result.Succeeded);
    }

    [Fact]
    public async Task One_identity_must_meet_all_step_up_requirements()
    {
        await using TestApi api = await StartAsync();

        Assert.False(await IsAuthorizedAsync(api, Identity("first", "gold", 61), Identity("second", "bronze", 0)));
        Assert.False(await IsAuthorizedAsync(api, Identity(authenticationType: null, "gold", 0), Identity("second", "bronze", 0)));
        Assert.True(await IsAuthorizedAsync(api, Identity("first", "bronze", 0), Identity("second", "gold", 60)));
    }

    [Theory]
    [InlineData("acr", "auth_time", true)]
    [InlineData("ACR", "auth_time", false)]
    [InlineData("acr", "Auth_Time", false)]
    public async Task The_names_of_claims_are_compared_with_case(string acr, string authTime, bool isOpen)
    {
        await using TestApi api = await StartAsync();
        Claim[] claims = [new(acr, "gold"), new(authTime, Seconds(10), ClaimValueTypes.Integer64)];

        Assert.Equal(isOpen, await IsAuthorizedAsync(api, new ClaimsIdentity(claims, "test")));
    }

    [Fact]
    public async Task A_claim_of_another_case_beside_the_time_is_no_second_time()
    {
        await using TestApi api = await StartAsync();
        Claim[] claims = [new("AUTH_TIME", Seconds(1000)), new("auth_time", Seconds(10)), new("acr", "gold")];

        Assert.True(await IsAuthorizedAsync(api, new ClaimsIdentity(claims, "test")));
    }

    [Fact]
    public async Task Outside_of_a_request_the_clock_skew_of_the_identitys_scheme_is_granted()
    {
        await using TestApi api = await StartAsync(options => options.ClockSkew = TimeSpan.FromSeconds(30));

        Assert.True(await IsAuthorizedAsync(api, Identity(OAuthIntrospectionDefaults.AuthenticationScheme, "gold", 90)));
        Assert.False(await IsAuthorizedAsync(api, Identity(OAuthIntrospectionDefaults.AuthenticationScheme, "gold", 91)));
        Assert.False(await IsAuthorizedAsync(api, Identity("test", "gold", 90)));
    }

    [Theory]
    [InlineData("253402300799", true)]
    [InlineData("253402300800", false)]
    [InlineData("1e300", false)]
    public void A_time_past_year_9999_cannot_be_read(string authTime, bool isTime) =>
        Assert.Equal(isTime, AuthenticationClaims.GetTime(new ClaimsIdentity([new Claim("auth_time", authTime)])) is not null);

    [Fact]
    public void A_requirement_lists_its_values_once_in_their_order()
    {
        var requirement = new AcrRequirement(["gold", null!, " silver  gold"]);

        Assert.Equal(["gold", "silver"], requirement.Values);
        Assert.Equal("AcrRequirement: one of gold silver", requirement.ToString());
    }

    [Theory]
    [InlineData("IntrospectionAuth:RequireAcrAttribute:")]
    [InlineData("IntrospectionAuth:RequireAcrAttribute: ")]
    [InlineData("IntrospectionAuth:RequireRecentAuthenticationAttribute:")]
    [InlineData("IntrospectionAuth:RequireRecentAuthenticationAttribute:0")]
    [InlineData("IntrospectionAuth:RequireRecentAuthenticationAttribute:-1")]
    [InlineData("IntrospectionAuth:RequireRecentAuthenticationAttribute:x")]
    public async Task A_policy_name_without_a_valid_step_up_requirement_is_unknown(string name)
    {
        await using TestApi api = await StartAsync();

        Assert.Null(await api.Services.GetRequiredService<IAuthorizationPolicyProvider>().GetPolicyAsync(name));
    }

    [Fact]
    public void A_requirement_without_values_or_that_no_user_can_meet_throws()
    {
        var policy = new AuthorizationPolicyBuilder();

        Assert.Throws<ArgumentException>(() => new RequireAcrAttribute());
        Assert.Throws<ArgumentException>(() => policy.RequireAcr(" "));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RequireRecentAuthenticationAttribute(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => policy.RequireRecentAuthentication(TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => policy.RequireRecentAuthentication(TimeSpan.FromSeconds(0.9)));
    }

    private string Issue(string? acr, int? secondsAgo, string scope = "a") =>
        _server.IssueToken(it =>
        {
            it.Scopes = [scope];
            if (acr is not null)
                it.Members["acr"] = acr;
            if (secondsAgo is { } seconds)
                it.Members["auth_time"] = _time.GetUtcNow().AddSeconds(-seconds).ToUnixTimeSeconds();
        });

    private static ClaimsIdentity Identity(string? authenticationType, string acr, int secondsAgo)
    {
        Claim[] claims = [new("acr", acr), new("auth_time", Seconds(secondsAgo), ClaimValueTypes.Integer64)];
        return new ClaimsIdentity(claims, authenticationType);
    }

    private static string Seconds(int ago) =>
        ManualTimeProvider.Start.AddSeconds(-ago).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static async Task<bool> IsAuthorizedAsync(TestApi api, params ClaimsIdentity[] identities)
    {
        IAuthorizationRequirement[] requirements =
        [
            new AcrRequirement(["gold"]),
            new RecentAuthenticationRequirement(TimeSpan.FromMinutes(1)),
        ];
        AuthorizationResult result = await api
            .Services.GetRequiredService<IAuthorizationService>()
            .AuthorizeAsync(new ClaimsPrincipal(identities), resource: null, requirements);
        return result.Succeeded;
    }

    private Task<TestApi> StartAsync(Action<OAuthIntrospectionOptions>? configure = null) =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection(options => configure?.Invoke(options));
                    services.AddControllers().AddApplicationPart(typeof(StepUpController).Assembly);
                },
                Endpoints = Map,
                Time = _time,
            }
        );

    private static void Map(WebApplication app)
    {
        var minute = TimeSpan.FromMinutes(1);
        app.MapGet("/acr", () => "").RequireAcr("gold", "silver");
        app.MapGet("/recent", () => "").RequireRecentAuthentication(minute);
        app.MapGet("/both", () => "").RequireRecentAuthentication(minute).RequireAcr("gold silver");
        app.MapGet("/policy", () => "").RequireAuthorization(policy => policy.RequireAcr("gold").RequireRecentAuthentication(minute));
        app.MapGet("/attributes", [RequireAcr("gold", "silver"), RequireRecentAuthentication(60)] () => "");
        app.MapGet("/times", () => "").RequireRecentAuthentication(minute).RequireRecentAuthentication(minute / 2);
        app.MapGet("/long", () => "").RequireRecentAuthentication(TimeSpan.FromDays(1));
        app.MapGet("/fraction", () => "").RequireRecentAuthentication(TimeSpan.FromSeconds(1.9));
        app.MapGet("/impossible", () => "").RequireAcr("gold").RequireAcr("silver");
        app.MapGet("/scope", () => "").RequireAcr("gold", "silver").RequireScope("a");
        app.MapGet("/role", () => "").RequireAuthorization(policy => policy.RequireAcr("gold").RequireRole("editor"));
        app.MapGet("/open", () => "").RequireAcr("gold").AllowAnonymous();

        RouteGroupBuilder group = app.MapGroup("/group").RequireAcr("silver", "gold");
        group.MapGet("/plain", () => "");
        group.MapGet("/gold", () => "").RequireAcr("gold");

        app.MapControllers();
    }
}

using System.Text.Json;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace IntrospectionAuth.Tests.Diagnostics;

/// <summary>In Development a refused caller reads the reason; in Production it gets what it always got.</summary>
public sealed class DevelopmentReasonTests
{
    private const string Token = "opaque-4711";
    private const string Jkt = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

    // The name of a case, what the server responds, how the request is sent, what the options are, and the reason.
    private static readonly Dictionary<string, Refusal> s_refusals = new(StringComparer.Ordinal)
    {
        ["no token"] = new("token: expected one access token; found no Authorization header") { Authorization = null },
        ["malformed"] = new("token: expected one access token; found a character that a token cannot have")
        {
            Authorization = "Bearer a b",
        },
        ["foreign"] = new("token filter: expected a prefix of atn_; found another prefix")
        {
            Configure = options => options.TokenFilter.Prefixes.Add("atn_"),
        },
        ["inactive"] = new("response: expected active; found inactive") { Body = """{"active":false}""" },
        ["expired"] = new("exp: expected a time in the future; found 2025-12-31 23:00:00Z, 60 min ago")
        {
            Body = """{"active":true,"exp":1767222000}""",
        },
        ["not yet valid"] = new("nbf: expected a time at most 5 s in the future; found 2026-01-01 01:00:00Z, 60 min in the future")
        {
            Body = """{"active":true,"nbf":1767229200}""",
        },
        ["issuer"] = new("issuer: expected one of https://a.example; found https://b.example")
        {
            Body = """{"active":true,"iss":"https://b.example"}""",
            Configure = options => options.ValidIssuers.Add("https://a.example"),
        },
        ["audience"] = new("audience: expected one of api://orders; found api://billing")
        {
            Body = """{"active":true,"aud":"api://billing"}""",
            Configure = options => options.Audiences.Add("api://orders"),
        },
        ["type"] = new("type: expected an access token; found typ Refresh") { Body = """{"active":true,"typ":"Refresh"}""" },
        ["claim"] = new("required claim org_id: expected a value; found none")
        {
            Body = """{"active":true}""",
            Configure = options => options.RequiredClaims.Add("org_id"),
        },
        ["DPoP required"] = new("DPoP binding: expected a DPoP proof by the key of the token's jkt; found a bearer token, without a proof")
        {
            Body = $$$"""{"active":true,"cnf":{"jkt":"{{{Jkt}}}"}}""",
        },
        ["RequireDPoP"] = new("DPoP proof: expected a valid proof (RequireDPoP); found a bearer token")
        {
            Configure = options => options.RequireDPoP = true,
        },
        ["certificate"] = new(
            "certificate binding: expected the client certificate of the token's x5t#S256; found no client certificate, or another one"
        )
        {
            Body = $$$"""{"active":true,"cnf":{"x5t#S256":"{{{Jkt}}}"}}""",
        },
        ["proof"] = new("DPoP proof: expected a valid proof; found no DPoP header, or several") { Authorization = $"DPoP {Token}" },
        ["event"] = new("OnTokenValidated: expected no rejection by the application; found a rejection")
        {
            Body = """{"active":true}""",
            Configure = options =>
                options.Events.OnTokenValidated = context =>
                {
                    context.Fail("secret reason");
                    return Task.CompletedTask;
                },
        },
        ["scope"] = new("scope: expected write; found read, without write")
        {
            Body = """{"active":true,"scope":"read"}""",
            Path = "/write",
        },
        ["no scope at all"] = new("scope: expected write; found no scope") { Body = """{"active":true}""", Path = "/write" },
        ["any scope"] = new("scope: expected one of a, b; found read, without a, b")
        {
            Body = """{"active":true,"scope":"read"}""",
            Path = "/any",
        },
        ["role"] = new("role: expected one of editor; found none of them") { Body = """{"active":true}""", Path = "/editors" },
        ["tenant"] = new("tenant: expected org_id equal to route value org; found another value, or none")
        {
            Body = """{"active":true,"org_id":"secret-org"}""",
            Path = "/orgs/other-org",
        },
        ["acr"] = new("acr: expected one of gold, silver; found another value, or none")
        {
            Body = """{"active":true,"acr":"secret-acr"}""",
            Path = "/gold",
        },
        ["auth_time"] = new("auth_time: expected a time at most 5 min ago; found 2025-12-31 23:00:00Z, 60 min ago")
        {
            Body = """{"active":true,"auth_time":1767222000}""",
            Path = "/recent",
        },
        ["status"] = new("response: expected active; found status 500, at https://as.example/introspect")
        {
            Status = 500,
            Outage = "UnexpectedStatus",
        },
        ["not found"] = new("response: expected active; found status 404, at https://as.example/introspect")
        {
            Status = 404,
            Outage = "UnexpectedStatus",
        },
        ["redirect"] = new(
            "response: expected active; found status 302, a redirect to https://as.example/login, at https://as.example/introspect"
        )
        {
            Status = 302,
            Outage = "UnexpectedStatus",
            Headers = [new("Location", "/login?return=secret-return")],
        },
        ["credentials"] = new(
            "response: expected active; found status 401, error code invalid_client: the server refuses this API's credentials or request, "
                + "at https://as.example/introspect"
        )
        {
            Status = 401,
            Outage = "CredentialsRefused",
            Body = """{"error":"invalid_client"}""",
        },
        ["HTML"] = new(
            "response: expected active; found a response that cannot be used: its content type is not JSON but text/html, "
                + "at https://as.example/introspect"
        )
        {
            Body = "<h1>secret-page</h1>",
            ContentType = "text/html",
            Outage = "InvalidResponse",
        },
        ["back-off"] = new("response: expected active; found no call for 30 s: the server sent Retry-After")
        {
            Status = 429,
            Headers = [new("Retry-After", "30")],
            Warmup = 1,
            Outage = "BackingOff",
        },
        ["circuit"] = new("response: expected active; found no call for 5 s: the circuit breaker is open")
        {
            Status = 500,
            Warmup = 10,
            Outage = "CircuitOpened",
        },
        ["client authentication"] = new(
            "response: expected active; found no call: the client authentication method threw InvalidOperationException"
        )
        {
            Outage = "ClientAuthenticationFailed",
            Configure = options =>
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.BearerCredential(_ =>
                    throw new InvalidOperationException("secret-credential")
                ),
        },
    };

    public static TheoryData<string> Refusals => [.. s_refusals.Keys];

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task In_Development_the_body_has_the_reason_and_a_hint_and_in_Production_it_has_not(string name)
    {
        Refusal refusal = s_refusals[name];

        (HttpResponseMessage response, JsonElement development, _) = await SendAsync(refusal, "Development");
        (HttpResponseMessage same, JsonElement production, _) = await SendAsync(refusal, "Production");
        (_, JsonElement staging, _) = await SendAsync(refusal, "Staging");

        string hint = development.GetProperty("hint").GetString()!;
        Assert.Equal(refusal.Reason, ReasonOf(development));
        Assert.Matches(@"^[A-Z].*\. See .*docs/[a-z-]+\.md(#[a-z-]+)?$", hint);
        Assert.False(production.TryGetProperty("reason", out _) || production.TryGetProperty("hint", out _));
        Assert.Equal(production.GetRawText(), staging.GetRawText());
        Assert.Equal(production.EnumerateObject().Select(Text), development.EnumerateObject().SkipLast(2).Select(Text));
        Assert.Equal(HeadersOf(same), HeadersOf(response));
        Assert.DoesNotContain("secret-", development.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(Token, development.GetRawText(), StringComparison.Ordinal);

        static string Text(JsonProperty member) => $"{member.Name}: {member.Value}";
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task The_log_of_Production_has_the_hint_of_Development(string name)
    {
        Refusal refusal = s_refusals[name];
        (_, JsonElement development, _) = await SendAsync(refusal, "Development");
        string hint = development.GetProperty("hint").GetString()!;

        (_, _, LogRecorder log) = await SendAsync(refusal, "Production");

        string[] refusals = [.. log.Entries.Where(entry => entry.Event.Id is 1002 or 1046).Select(entry => entry.Text)];
        if (refusal.Authorization is null)
            Assert.Empty(refusals); // no token, no refusal of one
        else
            Assert.Contains($"{hint} (0 such messages suppressed)", refusals[^1], StringComparison.Ordinal);
        if (refusal.Outage is not null)
            Assert.Contains(hint, log.Entries.First(entry => entry.Event.Name == refusal.Outage).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_application_that_writes_problem_details_itself_writes_the_reason_too()
    {
        (_, JsonElement problem, _) = await SendAsync(s_refusals["audience"], "Development", services => services.AddProblemDetails());

        Assert.Equal("audience: expected one of api://orders; found api://billing", ReasonOf(problem));
    }

    [Fact]
    public async Task A_server_that_does_not_respond_in_time_is_named()
    {
        await using var server = FakeAuthorizationServer.Create();
        var time = new ManualTimeProvider();
        await using TestApi api = await StartAsync(server, s_refusals["inactive"], "Development", time);
        server.NeverRespond();

        Task<HttpResponseMessage> waiting = api.GetAsync("/me", Token);
        await server.WaitForCallsAsync(1);
        time.Advance(TimeSpan.FromSeconds(5));

        using HttpResponseMessage response = await waiting;
        Assert.StartsWith(
            "response: expected active; found no complete response within 5 s (Timeout)",
            await ReadReasonAsync(response),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Too_many_calls_are_named()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            new Refusal("")
            {
                Configure = options =>
                {
                    options.Resilience.MaximumConcurrentCalls = 1;
                    options.Resilience.MaximumWait = TimeSpan.Zero;
                },
            },
            "Development",
            new ManualTimeProvider()
        );
        HeldResponses held = server.HoldResponses();
        Task<HttpResponseMessage> first = api.GetAsync("/me", Token);
        await held.WaitForCallsAsync(1);

        using HttpResponseMessage response = await api.GetAsync("/me", "another-4711");
        held.Dispose();
        (await first).Dispose();

        Assert.Equal("response: expected active; found no call: too many are in flight", await ReadReasonAsync(response));
    }

    [Fact]
    public async Task An_application_that_uses_up_the_time_is_named()
    {
        await using var server = FakeAuthorizationServer.Create();
        var time = new ManualTimeProvider();
        var never = new TaskCompletionSource();
        var begun = new Journal<bool>();
        Refusal refusal = new("")
        {
            Configure = options =>
                options.Events.OnIntrospecting = _ =>
                {
                    begun.Add(true);
                    return never.Task;
                },
        };
        await using TestApi api = await StartAsync(server, refusal, "Development", time);

        Task<HttpResponseMessage> waiting = api.GetAsync("/me", Token);
        await begun.WaitForAsync(static it => it);
        time.Advance(TimeSpan.FromSeconds(5));

        using HttpResponseMessage response = await waiting;
        never.SetResult();
        Assert.Equal(
            "response: expected active; found no call in time: the application's own code used up 5 s (Timeout)",
            await ReadReasonAsync(response)
        );
    }

    [Fact]
    public async Task An_issuer_that_differs_is_shown_beside_the_expected_one()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.Publish(issuer: "https://another.example");
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(
            server.Url,
            services: services =>
                services.AddSingleton<IHostEnvironment>(new HostingEnvironment { EnvironmentName = Environments.Development })
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, "/me");
        request.Headers.Add("Authorization", $"Bearer {Token}");

        using HttpResponseMessage response = await api.Client.SendAsync(request);

        Assert.Contains(
            $"its issuer is not Authority (found https://another.example, expected {server.Url})",
            await ReadReasonAsync(response),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_server_that_breaks_off_is_named()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server, s_refusals["inactive"], "Development", new ManualTimeProvider());
        server.Disconnect();

        using HttpResponseMessage response = await api.GetAsync("/me", Token);

        Assert.Matches("^response: expected active; found .*, at http", await ReadReasonAsync(response));
    }

    private static string? ReasonOf(JsonElement problem) => problem.GetProperty("reason").GetString();

    private static async Task<string?> ReadReasonAsync(HttpResponseMessage response) =>
        ReasonOf(JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);

    private static string HeadersOf(HttpResponseMessage response) =>
        string.Join('\n', response.Headers.NonValidated.Select(header => $"{header.Key}: {header.Value}"));

    private static async Task<(HttpResponseMessage Response, JsonElement Problem, LogRecorder Log)> SendAsync(
        Refusal refusal,
        string environment,
        Action<IServiceCollection>? services = null
    )
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server, refusal, environment, new ManualTimeProvider(), services);
        for (int i = 0; i < refusal.Warmup; i++)
            (await SendAsync(api, refusal, $"{refusal.Authorization}-{i}")).Dispose();

        HttpResponseMessage response = await SendAsync(api, refusal, refusal.Authorization);

        Assert.DoesNotContain("expected", response.Challenges(), StringComparison.Ordinal);
        string body = await response.Content.ReadAsStringAsync();
        return (response, JsonDocument.Parse(body.Replace(server.BaseAddress.AbsoluteUri, "https://as.example/")).RootElement, api.Log);
    }

    private static Task<HttpResponseMessage> SendAsync(TestApi api, Refusal refusal, string? authorization)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, refusal.Path);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return api.Client.SendAsync(request);
    }

    private static Task<TestApi> StartAsync(
        FakeAuthorizationServer server,
        Refusal refusal,
        string environment,
        TimeProvider time,
        Action<IServiceCollection>? services = null
    )
    {
        server.RespondWith(refusal.Status, refusal.Body, refusal.ContentType, refusal.Headers);
        return TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Environment = environment,
                Time = time,
                Services = collection =>
                {
                    collection.AddAuthentication().AddOAuthIntrospection(options => refusal.Configure?.Invoke(options));
                    services?.Invoke(collection);
                },
                Endpoints = app =>
                {
                    app.MapGet("/any", () => "").RequireAnyScope("a", "b");
                    app.MapGet("/editors", () => "").RequireAuthorization(policy => policy.RequireRole("editor"));
                    app.MapGet("/orgs/{org}", () => "").RequireTenant("org_id", routeValue: "org");
                    app.MapGet("/gold", () => "").RequireAcr("gold", "silver");
                    app.MapGet("/recent", () => "").RequireRecentAuthentication(TimeSpan.FromMinutes(5));
                },
            }
        );
    }

    private sealed record Refusal(string Reason)
    {
        public string? Authorization { get; init; } = $"Bearer {Token}";

        public int Status { get; init; } = 200;

        public string? Body { get; init; }

        public string ContentType { get; init; } = "application/json";

        public KeyValuePair<string, string>[] Headers { get; init; } = [];

        public string Path { get; init; } = "/me";

        public int Warmup { get; init; }

        /// <summary>The event that says in the log that there are no usable responses; null for a refusal.</summary>
        public string? Outage { get; init; }

        public Action<OAuthIntrospectionOptions>? Configure { get; init; }
    }
}

using System.Net;
using System.Text.Json;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.DiagnosticsPage;

/// <summary>What the diagnostics page reads: decisions, schemes and the cache as JSON.</summary>
public sealed class PageJsonTests
{
    [Fact]
    public async Task A_refusal_is_a_decision_with_every_check_the_call_and_the_remedy()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server, options => options.Audiences.Add("api://orders"));
        string token = server.IssueToken(it => it.Members["aud"] = "api://billing");
        await api.AssertStatusAsync("/read", token, HttpStatusCode.Unauthorized);

        JsonElement decision = Assert.Single((await ReadAsync(api, "decisions.json")).GetProperty("decisions").EnumerateArray());

        Assert.Equal("rejected", Text(decision, "outcome"));
        Assert.Equal("WrongAudience", Text(decision, "failure"));
        Assert.Equal(401, decision.GetProperty("status").GetInt32());
        Assert.Equal(("GET", "/read"), (Text(decision, "method"), Text(decision, "path")));
        Assert.Equal("call", Text(decision, "source"));
        JsonElement failed = decision.GetProperty("checks").EnumerateArray().Single(check => Text(check, "verdict") == "failed");
        Assert.Contains("api://orders", Text(failed, "expected"), StringComparison.Ordinal);
        Assert.Contains("api://billing", Text(failed, "found"), StringComparison.Ordinal);
        JsonElement call = Assert.Single(decision.GetProperty("calls").EnumerateArray());
        Assert.Equal(200, call.GetProperty("status").GetInt32());
        Assert.Contains("api://billing", Text(call, "body"), StringComparison.Ordinal);
        Assert.Equal("docs/security.md#set-audiences", Text(decision.GetProperty("remedy"), "page"));
    }

    [Fact]
    public async Task A_refusal_by_a_policy_is_forbidden_and_names_the_requirement()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server);
        await api.AssertStatusAsync("/write", server.IssueToken("read"), HttpStatusCode.Forbidden);

        JsonElement decision = Assert.Single((await ReadAsync(api, "decisions.json")).GetProperty("decisions").EnumerateArray());

        Assert.Equal("forbidden", Text(decision, "outcome"));
        JsonElement requirement = decision
            .GetProperty("policy")
            .GetProperty("requirements")
            .EnumerateArray()
            .Single(it => Text(it, "verdict") == "failed");
        Assert.Contains("write", Text(requirement, "expected"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/public", HttpStatusCode.OK, true)]
    [InlineData("/read", HttpStatusCode.Unauthorized, false)]
    public async Task A_failure_that_the_application_replaced_is_marked(string path, HttpStatusCode status, bool isReplaced)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            options =>
            {
                options.Timeout = TimeSpan.FromMinutes(1); // also on a machine under load
                options.Events.OnAuthenticationFailed = context =>
                {
                    if (context.Request.Path == "/public")
                        context.NoResult();
                    return Task.CompletedTask;
                };
            }
        );
        await api.AssertStatusAsync(path, "unknown", status);

        JsonElement decision = Assert.Single((await ReadAsync(api, "decisions.json")).GetProperty("decisions").EnumerateArray());

        Assert.Equal(("rejected", "Inactive"), (Text(decision, "outcome"), Text(decision, "failure")));
        Assert.Equal(isReplaced, decision.GetProperty("failureIsReplaced").GetBoolean());
    }

    [Fact]
    public async Task A_reader_that_names_a_version_gets_what_has_changed_since()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server);
        await api.AssertStatusAsync(server.IssueToken("read"), HttpStatusCode.OK);
        JsonElement before = await ReadAsync(api, "decisions.json");
        await api.AssertStatusAsync("unknown-token-0123456789", HttpStatusCode.Unauthorized);

        JsonElement after = await ReadAsync(api, $"decisions.json?since={before.GetProperty("version").GetInt64()}");

        Assert.Equal("accepted", Text(Assert.Single(before.GetProperty("decisions").EnumerateArray()), "outcome"));
        Assert.Equal("rejected", Text(Assert.Single(after.GetProperty("decisions").EnumerateArray()), "outcome"));
        Assert.Equal(Text(before, "instance"), Text(after, "instance"));
    }

    [Fact]
    public async Task The_cache_lists_entries_by_the_fingerprint_of_the_decision_with_what_ends_them()
    {
        var time = new ManualTimeProvider();
        await using var server = FakeAuthorizationServer.Create(options => options.TimeProvider = time);
        await using TestApi api = await StartAsync(server, options => options.Cache.MaximumAge = TimeSpan.FromMinutes(1), time);
        await api.AssertStatusAsync(server.IssueToken("read"), HttpStatusCode.OK);
        await api.AssertStatusAsync("unknown-token-0123456789", HttpStatusCode.Unauthorized);
        time.Advance(TimeSpan.FromSeconds(3));

        JsonElement scheme = Assert.Single((await ReadAsync(api, "cache.json")).GetProperty("schemes").EnumerateArray());
        string[] fingerprints =
        [
            .. (await ReadAsync(api, "decisions.json")).GetProperty("decisions").EnumerateArray().Select(it => Text(it, "token")),
        ];

        JsonElement active = Assert.Single(scheme.GetProperty("active").GetProperty("entries").EnumerateArray());
        Assert.Equal("MaximumAge", Text(active, "endedBy"));
        Assert.Equal(3, active.GetProperty("ageSeconds").GetDouble());
        Assert.Equal("fresh", Text(active, "state"));
        JsonElement inactive = Assert.Single(scheme.GetProperty("inactive").GetProperty("entries").EnumerateArray());
        Assert.Equal("InactiveAge", Text(inactive, "endedBy"));
        Assert.Equal([Text(inactive, "token"), Text(active, "token")], fingerprints);
        Assert.Equal(100_000, scheme.GetProperty("active").GetProperty("limit").GetInt32());
    }

    [Theory]
    [InlineData(60, null, "exp")]
    [InlineData(3600, 10, "MaximumAge")]
    [InlineData(null, null, "DefaultAge")]
    public async Task What_ends_an_entry_is_what_is_earliest(int? lifetime, int? maximumAge, string expected)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            options => options.Cache.MaximumAge = maximumAge is { } seconds ? TimeSpan.FromSeconds(seconds) : null
        );
        string token = server.IssueToken(it => it.Lifetime = TimeSpan.FromSeconds(lifetime ?? 60));
        if (lifetime is null)
            server.RespondWith(200, """{"active":true,"scope":"read"}""");
        await api.AssertStatusAsync("/me", token, HttpStatusCode.OK);

        JsonElement scheme = Assert.Single((await ReadAsync(api, "cache.json")).GetProperty("schemes").EnumerateArray());

        JsonElement entry = Assert.Single(scheme.GetProperty("active").GetProperty("entries").EnumerateArray());
        Assert.Equal(expected, Text(entry, "endedBy"));
    }

    [Fact]
    public async Task A_scheme_has_its_settings_without_secrets_and_the_state_of_its_server()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            options =>
            {
                options.Audiences.Add("api://orders");
                options.IntrospectionParameters["tenant_key"] = "parameter-value-0123456789";
            }
        );
        await api.AssertStatusAsync(server.IssueToken(it => it.Members["aud"] = "api://orders"), HttpStatusCode.Forbidden);

        string text = await api.Client.GetStringAsync("/_introspection/schemes.json");
        JsonElement scheme = Assert.Single(JsonElement.Parse(text).GetProperty("schemes").EnumerateArray());

        JsonElement state = scheme.GetProperty("server");
        Assert.Equal(("closed", "configured"), (Text(state, "breaker"), Text(state, "endpointSource")));
        Assert.Equal(server.IntrospectionEndpoint, Text(state, "endpoint"));
        Assert.NotEqual(JsonValueKind.Null, state.GetProperty("lastResponseAt").ValueKind);
        Assert.Equal(("api://orders", false), Setting(scheme, "Audiences"));
        Assert.Equal(("set", false), Setting(scheme, "ClientSecret"));
        Assert.Equal(("5 s", true), Setting(scheme, "Timeout"));
        Assert.Equal(("tenant_key (values not shown)", false), Setting(scheme, "IntrospectionParameters"));
        Assert.DoesNotContain(server.ClientSecret, text, StringComparison.Ordinal);
        Assert.DoesNotContain("parameter-value-0123456789", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scheme_that_is_added_at_run_time_appears()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(
            server,
            services: services =>
            {
                services.Configure<OAuthIntrospectionOptions>(
                    "later",
                    options =>
                    {
                        options.IntrospectionEndpoint = "https://later.example.com/introspect";
                        options.ClientId = "api";
                        options.ClientSecret = "the-secret-of-the-api";
                    }
                );
                services.Configure<OAuthIntrospectionOptions>("throwing", static options => options.Timeout = TimeSpan.Zero);
            }
        );
        var schemes = api.Services.GetRequiredService<IAuthenticationSchemeProvider>();
        Type handler = (await schemes.GetSchemeAsync(OAuthIntrospectionDefaults.AuthenticationScheme))!.HandlerType;

        schemes.AddScheme(new AuthenticationScheme("later", displayName: null, handler));
        schemes.AddScheme(new AuthenticationScheme("invalid", displayName: null, handler));
        schemes.AddScheme(new AuthenticationScheme("throwing", displayName: null, handler));

        JsonElement[] shown = [.. (await ReadAsync(api, "schemes.json")).GetProperty("schemes").EnumerateArray()];
        Assert.Equal(
            ["OAuthIntrospection", "invalid", "later", "throwing"],
            shown.Select(it => Text(it, "name")).Order(StringComparer.Ordinal)
        );
        JsonElement later = shown.Single(it => Text(it, "name") == "later");
        Assert.Equal("https://later.example.com/introspect", Text(later.GetProperty("server"), "endpoint"));
        Assert.Contains(
            "IntrospectionEndpoint is not set",
            Text(shown.Single(it => Text(it, "name") == "invalid"), "optionsFault"),
            StringComparison.Ordinal
        );
        Assert.Equal("ArgumentOutOfRangeException", Text(shown.Single(it => Text(it, "name") == "throwing"), "optionsFault"));
        JsonElement cache = (await ReadAsync(api, "cache.json")).GetProperty("schemes");
        Assert.Equal(["OAuthIntrospection", "later"], cache.EnumerateArray().Select(it => Text(it, "name")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task No_document_has_a_token_or_a_secret()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server);
        string token = server.IssueToken(it => it.Members["access_token"] = "a-token-inside-of-a-response");
        await api.AssertStatusAsync("/me", token, HttpStatusCode.OK);
        server.RespondWith(200, $$"""{"note":"the secret {{server.ClientSecret}} is wrong"}""");
        await api.AssertStatusAsync("/me", "another-token-0123456789", HttpStatusCode.ServiceUnavailable);
        server.RespondWith(200, "no", "text/x; of=third-token-0123456789");
        await api.AssertStatusAsync("/me", "third-token-0123456789", HttpStatusCode.ServiceUnavailable);
        server.RespondWith(200, "no", "text/y; of=" + server.ClientSecret[..12]);
        await api.AssertStatusAsync("/me", "fourth-token-0123456789", HttpStatusCode.ServiceUnavailable);

        string everything = "";
        foreach (string document in (string[])["", "/decisions.json", "/schemes.json", "/cache.json"])
            everything += await api.Client.GetStringAsync("/_introspection" + document);

        Assert.Contains("is wrong", everything, StringComparison.Ordinal);
        Assert.Contains("\"text/x; of=(masked)\"", everything, StringComparison.Ordinal);
        string[] secrets =
        [
            token,
            "another-token-0123456789",
            "third-token-0123456789",
            server.ClientSecret,
            server.ClientSecret[..12],
            "a-token-inside-of-a-response",
        ];
        foreach (string secret in secrets)
            Assert.DoesNotContain(secret, everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_of_the_page_itself_are_no_decisions()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server);
        using HttpResponseMessage response = await api.GetAsync("/_introspection/cache.json", server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, (await ReadAsync(api, "decisions.json")).GetProperty("decisions").GetArrayLength());
    }

    [Fact]
    public async Task A_change_is_sent_at_once()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await StartAsync(server);
        await using Stream stream = await api.Client.GetStreamAsync("/_introspection/changes");
        using var reader = new StreamReader(stream);
        string? first = await reader.ReadLineAsync();
        await reader.ReadLineAsync();

        await api.AssertStatusAsync(server.IssueToken("read"), HttpStatusCode.OK);
        string? second = await reader.ReadLineAsync();

        Assert.Contains("\"version\":0", first, StringComparison.Ordinal);
        Assert.StartsWith("data: {\"instance\":\"", second, StringComparison.Ordinal);
        Assert.NotEqual(first, second);
    }

    private static Task<TestApi> StartAsync(
        FakeAuthorizationServer server,
        Action<OAuthIntrospectionOptions>? configure = null,
        TimeProvider? time = null,
        Action<IServiceCollection>? services = null
    ) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Environment = "Development",
                Services = collection =>
                {
                    collection.AddAuthentication().AddOAuthIntrospection(options => configure?.Invoke(options));
                    services?.Invoke(collection);
                },
                Endpoints = app => app.MapOAuthIntrospectionDiagnostics(),
                Time = time,
            }
        );

    private static async Task<JsonElement> ReadAsync(TestApi api, string document) =>
        JsonElement.Parse(await api.Client.GetStringAsync("/_introspection/" + document));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    private static (string Value, bool IsDefault) Setting(JsonElement scheme, string name)
    {
        JsonElement setting = scheme.GetProperty("settings").EnumerateArray().Single(it => Text(it, "name") == name);
        return (Text(setting, "value"), setting.GetProperty("isDefault").GetBoolean());
    }
}

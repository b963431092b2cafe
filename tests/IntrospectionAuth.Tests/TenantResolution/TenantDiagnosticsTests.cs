using System.Text.Json;
using IntrospectionAuth.TenantResolution;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.TenantResolution;

/// <summary>The log, the events and the diagnostics page name the tenant.</summary>
public sealed class TenantDiagnosticsTests
{
    private const string Token = "the-same-token-4711";

    [Fact]
    public async Task The_page_names_the_tenant_of_each_decision()
    {
        await using TenantApi api = await StartAsync();
        api.Issue("acme", Token, "alice");
        await api.GetAsync("acme", Token);
        await api.GetAsync("beta", Token);
        await api.GetAsync("unknown", Token);

        JsonElement[] decisions = [.. (await ReadAsync(api, "decisions.json")).GetProperty("decisions").EnumerateArray()];

        Assert.Equal(
            [("unknown", null, "rejected"), ("beta", "beta", "rejected"), ("acme", "acme", "accepted")],
            decisions
                .OrderByDescending(static it => it.GetProperty("number").GetInt64())
                .Select(static it => (Text(it, "path")!["/t/".Length..], Text(it, "tenant"), Text(it, "outcome")))
        );
    }

    [Fact]
    public async Task The_page_lists_the_tenants_that_are_kept_with_their_servers()
    {
        await using TenantApi api = await StartAsync();
        JsonElement before = (await ReadAsync(api, "schemes.json")).GetProperty("schemes")[0];
        api.Issue("beta", Token, "bob");
        api["acme"].RespondWith(500);
        await api.GetAsync("beta", Token);
        for (int i = 0; i < 15; i++)
            await api.GetAsync("acme", $"token-of-acme-{i}");

        JsonElement scheme = (await ReadAsync(api, "schemes.json")).GetProperty("schemes")[0];

        Assert.Equal(0, before.GetProperty("tenants").GetProperty("count").GetInt32());
        Assert.False(scheme.TryGetProperty("server", out _));
        Assert.Equal(2, scheme.GetProperty("tenants").GetProperty("count").GetInt32());
        Assert.Equal(
            [("acme", api["acme"].IntrospectionEndpoint, "open", false), ("beta", api["beta"].IntrospectionEndpoint, "closed", true)],
            scheme
                .GetProperty("tenants")
                .GetProperty("listed")
                .EnumerateArray()
                .Select(static it => (it, Server: it.GetProperty("server")))
                .Select(static it =>
                    (
                        Text(it.it, "name"),
                        Text(it.Server, "endpoint"),
                        Text(it.Server, "breaker"),
                        Text(it.Server, "lastResponseAt") is not null
                    )
                )
        );
    }

    [Fact]
    public async Task The_page_lists_a_removed_tenant_no_more_although_a_request_still_uses_it()
    {
        await using TenantApi api = await StartAsync();
        using HeldResponses held = api["acme"].HoldResponses();
        Task<string> request = api.GetAsync("acme", Token);
        await held.WaitForCallsAsync(1);
        Tenant tenant = Assert.Single(api.Api.Services.GetRequiredService<SchemeTenants>().All);

        Assert.True(api.Tenants.Remove("acme"));
        await tenant.Evicted;

        JsonElement scheme = (await ReadAsync(api, "schemes.json")).GetProperty("schemes")[0];
        Assert.Equal(0, scheme.GetProperty("tenants").GetProperty("count").GetInt32());
        held.Release();
        Assert.Equal("401", await request);
    }

    [Fact]
    public async Task An_endpoint_finds_the_tenant_of_its_request()
    {
        var seen = new List<string?>();
        await using TenantApi api = await TenantApi.StartAsync(endpoints: app =>
            app.MapGet(
                    "/t/{tenant}/me",
                    context =>
                    {
                        seen.Add(context.GetIntrospectionTenant());
                        seen.Add(context.GetIntrospectionTenant("another scheme"));
                        return Task.CompletedTask;
                    }
                )
                .AllowAnonymous()
        );
        api.Issue("acme", Token, "alice");

        await api.GetAsync("acme", Token, "/me");
        await api.GetAsync("unknown", Token, "/me");
        await api.GetAsync("acme", token: null, "/me");

        Assert.Equal(["acme", null, null, null, null, null], seen);
    }

    [Fact]
    public async Task An_endpoint_finds_no_tenant_whose_token_was_not_accepted()
    {
        string? seen = null;
        await using TenantApi api = await TenantApi.StartAsync(
            static options =>
                options.Events.OnTokenValidated = static context =>
                {
                    if (context.Principal?.FindFirst("sub")?.Value == "mallory")
                        context.Fail("He is not welcome.");
                    return Task.CompletedTask;
                },
            services: static services =>
                services
                    .AddAuthentication(OAuthIntrospectionDefaults.AuthenticationScheme)
                    .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Name, configureOptions: null),
            endpoints: app =>
            {
                app.MapGet("/t/{tenant}/me", Look).AllowAnonymous();
                app.MapGet("/t/{tenant}/both", Look)
                    .RequireAuthorization(static policy =>
                        policy
                            .AddAuthenticationSchemes(OAuthIntrospectionDefaults.AuthenticationScheme, ApiKeyHandler.Name)
                            .RequireAuthenticatedUser()
                    );
            }
        );
        api.Issue("acme", Token, "alice");
        api.Issue("gamma", Token, "mallory");

        Assert.Equal("acme", await SeenAsync("/t/acme/me"));
        Assert.Equal("acme", await SeenAsync("/t/acme/both"));
        Assert.Null(await SeenAsync("/t/beta/me")); // inactive
        Assert.Null(await SeenAsync("/t/beta/both")); // the user is that of the other scheme
        Assert.Null(await SeenAsync("/t/gamma/me"));
        api["beta"].RespondWith(500);
        Assert.Null(await SeenAsync("/t/beta/me", "another-token"));

        Task Look(HttpContext context)
        {
            seen = context.GetIntrospectionTenant();
            return Task.CompletedTask;
        }

        async Task<string?> SeenAsync(string path, string token = Token)
        {
            seen = "no endpoint ran";
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = new("Bearer", token);
            request.Headers.Add("X-Api-Key", "good");
            using HttpResponseMessage response = await api.Api.Client.SendAsync(request);
            return seen;
        }
    }

    [Fact]
    public async Task A_request_without_a_token_resolves_no_tenant_unless_it_is_challenged()
    {
        await using TenantApi api = await TenantApi.StartAsync();

        Assert.Equal("200 public", await api.GetAsync("acme", token: null, "/public"));
        Assert.Empty(api.Resolved);

        Assert.Equal("401", await api.GetAsync("acme", token: null));
        Assert.Equal(["acme"], api.Resolved);
    }

    [Fact]
    public async Task The_page_shows_no_secret_of_a_tenant()
    {
        await using TenantApi api = await StartAsync();
        api.Issue("acme", Token, "alice");
        await api.GetAsync("acme", Token);
        await api.GetAsync("beta", Token);

        foreach (string document in (string[])["decisions.json", "schemes.json", "cache.json"])
        {
            string text = (await ReadAsync(api, document)).GetRawText();
            Assert.DoesNotContain(api["acme"].ClientSecret, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Token, text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("unknown", "none, or an unknown one", "UnknownTenant")]
    [InlineData("beta", "the settings of the tenant are invalid", "Unavailable")]
    [InlineData("gamma", "the tenant cannot be resolved", "Unavailable")]
    public async Task The_first_check_is_whether_there_is_a_tenant(string name, string found, string failure)
    {
        await using TenantApi api = await StartAsync();
        api.OnResolving = static (tenant, _) =>
        {
            if (tenant.Name == "gamma")
                throw new IOException("no database");
            if (tenant.Name == "beta")
                tenant.Options.IntrospectionEndpoint = "no URL";
            return default;
        };
        await api.GetAsync(name, Token);

        JsonElement decision = Assert.Single((await ReadAsync(api, "decisions.json")).GetProperty("decisions").EnumerateArray());
        JsonElement[] checks = [.. decision.GetProperty("checks").EnumerateArray()];

        Assert.Equal(failure, Text(decision, "failure"));
        Assert.Equal(("tenant", "failed"), (Text(checks[0], "name"), Text(checks[0], "verdict")));
        Assert.Contains(found, Text(checks[0], "found"), StringComparison.Ordinal);
        Assert.All(checks[1..], static check => Assert.Contains(Text(check, "verdict"), (string?[])["notReached", "notApplicable"]));
    }

    [Fact]
    public async Task A_refusal_in_the_log_ends_with_the_tenant()
    {
        await using TenantApi api = await TenantApi.StartAsync();

        await api.GetAsync("beta", Token);

        LogEntry refusal = Assert.Single(api.Api.Log.Entries, static entry => entry.Event.Name == "NotAuthenticated");
        Assert.Contains(" (Tenant beta)", refusal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_event_has_the_name_of_the_tenant_in_its_options()
    {
        var seen = new List<string?>();
        await using TenantApi api = await TenantApi.StartAsync(options =>
        {
            options.Events.OnMessageReceived = context => Add(context.Options);
            options.Events.OnIntrospecting = context => Add(context.Options);
            options.Events.OnResponseReceived = context => Add(context.Options);
            options.Events.OnTokenValidated = context => Add(context.Options);
            options.Events.OnAuthenticationFailed = context => Add(context.Options);
            options.Events.OnChallenge = context => Add(context.Options);
            options.Events.OnForbidden = context => Add(context.Options);
        });
        api.Issue("acme", Token, "alice");

        Assert.Equal(403, await api.StatusAsync("acme", Token, "/write"));
        Assert.Equal([null, "acme", "acme", "acme", "acme"], seen); // the first event comes before the tenant is known
        seen.Clear();
        Assert.Equal(401, await api.StatusAsync("beta", Token));
        Assert.Equal([null, "beta", "beta", "beta", "beta"], seen);

        Task Add(OAuthIntrospectionOptions options)
        {
            seen.Add(options.Tenant);
            return Task.CompletedTask;
        }
    }

    private static Task<TenantApi> StartAsync() =>
        TenantApi.StartAsync(endpoints: static app =>
            app.MapOAuthIntrospectionDiagnostics().RequireAuthorization(static policy => policy.RequireAssertion(static _ => true))
        );

    private static async Task<JsonElement> ReadAsync(TenantApi api, string document)
    {
        using HttpResponseMessage response = await api.Api.GetAsync($"/_introspection/{document}", token: null);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Clone();
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}

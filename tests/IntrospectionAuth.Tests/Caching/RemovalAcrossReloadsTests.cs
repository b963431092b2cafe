using System.Net;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Removals;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Server;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Resilience;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Caching;

/// <summary>Removal covers entries that other options obtained: no reload before it and no rollback after it brings one back.</summary>
public sealed class RemovalAcrossReloadsTests : BadDayTest
{
    private readonly ChangingOptions _options = new();

    /// <summary>Every option that is a part of the cache key.</summary>
    public static TheoryData<string, Action<OAuthIntrospectionOptions>> Changes =>
        new()
        {
            { "endpoint", options => options.IntrospectionEndpoint += "?tenant=2" },
            {
                "Authority",
                options =>
                {
                    options.IntrospectionEndpoint = null;
                    options.Authority = "https://other.example.com";
                }
            },
            { "client id", options => options.ClientId = "other" },
            {
                "issuer of a server that is discovered",
                options =>
                {
                    options.IntrospectionEndpoint = null;
                    options.Authority = "https://another.example.com";
                }
            },
            { "method", options => options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientSecretPost },
            {
                "method of one's own",
                options => options.ClientAuthenticationMethod = ClientAuthenticationMethod.BearerCredential(static _ => new("token"))
            },
            { "hint", options => options.TokenTypeHint = "refresh_token" },
            { "parameter", options => options.IntrospectionParameters["resource"] = "a" },
            {
                "client credentials",
                options =>
                {
                    options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientCredentials;
                    options.ClientCredentials.TokenEndpoint = "https://auth.example.com/token";
                    options.ClientCredentials.Scope = "a";
                }
            },
            {
                "signature",
                options =>
                {
                    options.RequireSignedResponse = true;
                    options.Authority = "https://auth.example.com";
                }
            },
            {
                "audience of the signature",
                options =>
                {
                    options.RequireSignedResponse = true;
                    options.Authority = "https://auth.example.com";
                    options.SignedResponseAudience = "me";
                }
            },
            { "nothing", _ => { } },
        };

    public static TheoryData<string> Removals => new("token", "sub", "sid", "client_id", "org_id", "workspace_id");

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_token_removed_after_a_reload_does_not_reappear_after_a_rollback(
        string change,
        Action<OAuthIntrospectionOptions> apply
    )
    {
        await using TestApi api = await StartAsync();
        string token = Server.IssueToken("read");
        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api, token));

        _options.Reload(api.Services, apply);
        Server.Revoke(token);
        Assert.True(CacheOf(api).RemoveToken(token) == 1, change);

        _options.Reload(api.Services);
        Assert.Equal((HttpStatusCode.Unauthorized, 1), await SendAsync(api, token));
    }

    [Fact]
    public async Task An_inactive_response_is_removed_under_the_keys_of_earlier_options_too()
    {
        await using TestApi api = await StartAsync();
        Assert.Equal((HttpStatusCode.Unauthorized, 1), await SendAsync(api, "later"));
        _options.Reload(api.Services, options => options.TokenTypeHint = null);
        Server.IssueToken(it =>
        {
            it.Value = "later";
            it.Scopes = ["read"];
        });

        Assert.Equal(1, CacheOf(api).RemoveToken("later"));

        _options.Reload(api.Services);
        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api, "later"));
    }

    [Fact]
    public async Task Entries_of_every_configuration_since_the_start_are_removed()
    {
        await using TestApi api = await StartAsync();
        string token = Server.IssueToken("read");
        for (int i = 0; i < 5; i++)
        {
            int hint = i;
            _options.Reload(api.Services, options => options.TokenTypeHint = $"hint_{hint}");
            Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api, token));
        }

        Server.Revoke(token);
        Assert.Equal(5, CacheOf(api).RemoveToken(token));

        for (int i = 0; i < 5; i++)
        {
            int hint = i;
            _options.Reload(api.Services, options => options.TokenTypeHint = $"hint_{hint}");
            Assert.Equal((HttpStatusCode.Unauthorized, 1), await SendAsync(api, token));
        }
    }

    [Theory]
    [MemberData(nameof(Removals))]
    public async Task A_call_in_flight_by_earlier_options_neither_stores_its_response_nor_serves_a_request(string by)
    {
        await using TestApi api = await StartAsync();
        string token = Issue();
        var gate = new Gate();
        Server.RespondWith(
            async context =>
            {
                await gate.WaitAsync();
                await context.Response.WriteAsJsonAsync(
                    new
                    {
                        active = true,
                        scope = "read",
                        sub = "x",
                        sid = "x",
                        client_id = "x",
                        org_id = "x",
                        workspace_id = "x",
                    }
                );
            },
            calls: 1
        );
        Task<(HttpStatusCode Status, int)> request = SendAsync(api, token);
        await gate.Arrived;

        _options.Reload(api.Services, options => options.TokenTypeHint = null);
        Server.Revoke(token);
        Assert.Equal(0, Remove(api, by, token));
        _options.Reload(api.Services);
        Task<(HttpStatusCode Status, int)> after = SendAsync(api, token);
        gate.Release();

        Assert.Equal(HttpStatusCode.Unauthorized, (await request).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await after).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(api, token)).Status);
    }

    [Theory]
    [MemberData(nameof(Removals))]
    public async Task Removal_covers_entries_that_earlier_options_obtained(string by)
    {
        await using TestApi api = await StartAsync();
        string token = Issue();
        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api, token));
        _options.Reload(
            api.Services,
            options =>
            {
                options.ClientId = "other";
                options.ClaimMappings[by] = "something_else";
            }
        );
        Server.Revoke(token);

        Assert.Equal(1, Remove(api, by, token));

        _options.Reload(api.Services);
        Assert.Equal((HttpStatusCode.Unauthorized, 1), await SendAsync(api, token));
    }

    [Theory]
    [InlineData("sub")]
    [InlineData("sid")]
    [InlineData("client_id")]
    [InlineData("org_id")]
    [InlineData("workspace_id")]
    public async Task A_claim_mapping_does_not_hide_an_entry_from_removal(string member)
    {
        await using TestApi api = await StartAsync(options => options.ClaimMappings[member] = "renamed");
        string token = Issue();
        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api, token));
        Server.Revoke(token);

        Assert.Equal(1, Remove(api, member, token));

        Assert.Equal((HttpStatusCode.Unauthorized, 1), await SendAsync(api, token));
    }

    [Theory]
    [InlineData("orgId")]
    [InlineData("org.id")]
    [InlineData("https://example.com/org")]
    public async Task Removal_matches_a_member_that_is_mapped_to_the_claim_even_after_a_reload_without_the_mapping(string path)
    {
        Action<OAuthIntrospectionOptions> mapped = options => options.ClaimMappings[path] = "org_id";
        await using TestApi api = await StartAsync(mapped);
        string token = Server.IssueToken(it =>
        {
            it.Scopes = ["read"];
            if (path == "org.id")
                it.Members["org"] = new Dictionary<string, string>(StringComparer.Ordinal) { ["id"] = "umbrella" };
            else
                it.Members[path] = "umbrella";
        });
        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api, token));
        _options.Reload(api.Services, options => options.ClaimMappings.Clear());
        Server.Revoke(token);

        Assert.Equal(1, CacheOf(api).RemoveOrganization("umbrella"));

        _options.Reload(api.Services);
        Assert.Equal((HttpStatusCode.Unauthorized, 1), await SendAsync(api, token));
    }

    [Fact]
    public async Task A_mapping_of_earlier_options_that_a_late_request_still_uses_is_known_to_the_next_removal()
    {
        void Configure(OAuthIntrospectionOptions options)
        {
            options.IntrospectionEndpoint = "https://auth.example.com/introspect";
            options.ClientId = "api";
            options.ClientSecret = "secret";
        }

        await using ServiceProvider services = new ServiceCollection()
            .AddLogging()
            .AddAuthentication()
            .AddOAuthIntrospection("scheme", Configure)
            .Services.BuildServiceProvider();
        IntrospectionResponse response = IntrospectionResponseReader
            .Read("""{"active":true,"orgId":"umbrella"}"""u8, DateTimeOffset.UnixEpoch)
            .Response!;
        bool IsFound() =>
            services
                .GetRequiredService<RemovableMembers>()
                .For("scheme")
                .Has(response, RemovalKind.Organization, static value => value == "umbrella");
        Assert.False(IsFound());

        var earlier = new OAuthIntrospectionOptions();
        Configure(earlier);
        earlier.ClaimMappings["orgId"] = "org_id";
        _ = services.GetRequiredService<SchemeServers>().Get("scheme", earlier).KeyPrefix;

        Assert.True(IsFound());
    }

    [Theory]
    [InlineData("token")]
    [InlineData("sub")]
    [InlineData("org_id")]
    public async Task Options_that_have_become_invalid_do_not_prevent_removal(string by)
    {
        await using TestApi api = await StartAsync();
        string token = Issue();
        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api, token));

        // As when a scheme was removed at run time, together with its configuration.
        Assert.Throws<OptionsValidationException>(() => _options.Reload(api.Services, options => options.IntrospectionEndpoint = null));
        Server.Revoke(token);
        Assert.Equal(1, Remove(api, by, token));

        _options.Reload(api.Services);
        Assert.Equal((HttpStatusCode.Unauthorized, 1), await SendAsync(api, token));
    }

    [Trait("Load", "Heavy")]
    [Fact]
    public void Removal_covers_every_key_of_any_number_of_configurations_in_bounded_memory()
    {
        var keys = new CacheKeys();
        var seen = new List<(OAuthIntrospectionOptions Options, CacheKey Key)>();
        for (int i = 0; i < (OptionsHistory.Capacity * 2) + 10; i++)
        {
            var options = new OAuthIntrospectionOptions { IntrospectionEndpoint = $"https://auth.example.com/{i}", ClientId = "api" };
            seen.Add((options, keys.Build("scheme", options, "token")));
        }

        HashSet<CacheKey> known = [.. keys.BuildAll("token").Select(it => it.Key)];
        Assert.InRange(known.Count, 1, OptionsHistory.Capacity);

        // Removal covers every key that can still be built, by old options or by a rollback to them.
        foreach ((OAuthIntrospectionOptions options, CacheKey key) in seen)
        {
            var rolledBack = new OAuthIntrospectionOptions { IntrospectionEndpoint = options.IntrospectionEndpoint, ClientId = "api" };
            Assert.True(
                known.Contains(key)
                    || (!Equals(keys.Build("scheme", options, "token"), key) && !Equals(keys.Build("scheme", rolledBack, "token"), key))
            );
            Assert.Contains(keys.Build("scheme", rolledBack, "token"), keys.BuildAll("token").Select(it => it.Key));
        }
    }

    private new Task<TestApi> StartAsync(Action<OAuthIntrospectionOptions>? configure = null) =>
        _options.StartAsync(Server, Time, configure);

    private string Issue() =>
        Server.IssueToken(it =>
        {
            it.Scopes = ["read"];
            foreach (string member in (string[])["sub", "sid", "client_id", "org_id", "workspace_id"])
                it.Members[member] = "x";
        });

    private static int Remove(TestApi api, string by, string token)
    {
        OAuthIntrospectionCache cache = CacheOf(api);
        return by switch
        {
            "token" => cache.RemoveToken(token),
            "sub" => cache.RemoveSubject("x"),
            "sid" => cache.RemoveSession("x"),
            "client_id" => cache.RemoveClient("x"),
            "org_id" => cache.RemoveOrganization("x"),
            _ => cache.RemoveWorkspace("x"),
        };
    }

    private static OAuthIntrospectionCache CacheOf(TestApi api) => api.Services.GetRequiredService<OAuthIntrospectionCache>();
}

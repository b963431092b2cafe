using System.Globalization;
using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.ClientCredentials;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Resilience;
using IntrospectionAuth.Tests.Responses;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Introspection;

/// <summary>Servers that say "unknown token" by a status: old Hydra, Gluu, Doorkeeper, glewlwyd in signed mode.</summary>
public sealed class InactiveStatusCodesTests : BadDayTest
{
    private const string Section = "Authentication:Schemes:OAuthIntrospection:";

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    [InlineData(422)]
    public async Task A_listed_status_yields_401_once_the_server_has_accepted_the_credentials_and_503_before(int status)
    {
        await using TestApi api = await StartAsync(options => options.InactiveStatusCodes.Add(status));
        Server.RespondToInactiveTokensWith(status);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), await SendAsync(api, "unknown"));
        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api));
        await VerdictTests.AssertInactiveAsync(api, "unknown");

        Assert.Equal((HttpStatusCode.Unauthorized, 0), await SendAsync(api, "unknown")); // as any inactive response
        LogEntry entry = Assert.Single(api.Log.Entries, entry => entry.Level >= LogLevel.Warning);
        Assert.Equal("UnexpectedStatus", entry.Event.Name);
        Assert.Contains("InactiveStatusCodes has this status, which counts once", entry.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_inactive_response_also_proves_that_the_credentials_are_accepted()
    {
        await using TestApi api = await StartAsync(options => options.InactiveStatusCodes.Add(400));
        Assert.Equal((HttpStatusCode.Unauthorized, 1), await SendAsync(api, "unknown"));
        Server.RespondWith(400);

        Assert.Equal((HttpStatusCode.Unauthorized, 1), await SendAsync(api, "another"));
    }

    [Fact]
    public async Task An_unlisted_status_yields_503()
    {
        await using TestApi api = await StartAsync(options => options.InactiveStatusCodes.Add(400));
        await SendAsync(api);
        Server.RespondWith(404);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), await SendAsync(api, "unknown"));
    }

    [Theory]
    [InlineData(400, "invalid_client")]
    [InlineData(401, "invalid_client")]
    [InlineData(403, "unauthorized_client")]
    [InlineData(404, "invalid_client")]
    public async Task A_response_that_names_the_client_refuses_the_credentials_even_if_its_status_is_listed(int status, string code)
    {
        await using TestApi api = await StartAsync(options => options.InactiveStatusCodes.Add(status));
        await SendAsync(api);
        Server.RespondWith(status, $$"""{"error":"{{code}}"}""");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), await SendAsync(api, "unknown"));

        Assert.Equal("CredentialsRefused", Assert.Single(api.Log.Entries, entry => entry.Level >= LogLevel.Warning).Event.Name);
    }

    [Theory]
    [InlineData(400, "invalid_client", "client")]
    [InlineData(401, "unauthorized_client", "c")]
    public async Task A_response_that_names_the_client_refuses_the_credentials_even_if_it_repeats_the_secret(
        int status,
        string code,
        string secret
    )
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.ClientSecret = secret;
            options.InactiveStatusCodes.Add(status);
        });
        Server.RespondWith(200, """{"active":true,"scope":"read"}""", calls: 1);
        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api, "known"));
        Server.RespondWith(status, $$"""{"error":"{{code}}"}""");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), await SendAsync(api, "unknown"));
    }

    [Fact]
    public async Task The_statuses_are_a_list_in_configuration_and_environment()
    {
        await using TestApi list = await StartWithAsync(new() { ["InactiveStatusCodes:0"] = "400", ["InactiveStatusCodes:1"] = "401" });
        await using TestApi one = await StartWithAsync(new() { ["InactiveStatusCodes"] = "400" });
        string variable = "INACTIVE_STATUS_TEST_Authentication__Schemes__OAuthIntrospection__InactiveStatusCodes__0";
        Environment.SetEnvironmentVariable(variable, "400");
        try
        {
            await using TestApi environment = await TestApi.StartAsync(
                Server,
                new TestApiSetup
                {
                    Configuration = configuration => configuration.AddEnvironmentVariables("INACTIVE_STATUS_TEST_"),
                    Services = services => services.AddAuthentication().AddOAuthIntrospection(),
                    Time = Time,
                }
            );

            Assert.Equal([400, 401], OptionsOf(list).InactiveStatusCodes);
            Assert.Equal([400], OptionsOf(one).InactiveStatusCodes);
            Assert.Equal([400], OptionsOf(environment).InactiveStatusCodes);
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }

    [Theory]
    [InlineData("200", "InactiveStatusCodes has 200, which does not report an unknown token: with it comes the response itself.")]
    [InlineData("302", "it is a redirect, which is never followed")]
    [InlineData("405", "it is about the form of the request, or about a proxy on the way")]
    [InlineData("407", "or about a proxy on the way")]
    [InlineData("408", "it says that the request came too slowly")]
    [InlineData("413", "it says that the request is too large")]
    [InlineData("429", "it says that the server is asked too often. Remove it. Possible values are 400, 401, 403, 404, 410 and 422.")]
    [InlineData("500", "it says that the server fails")]
    [InlineData("503", "it says that the server fails")]
    [InlineData("0", "it is not a status of an error")]
    [InlineData("4000", "it is not a status of an error")]
    [InlineData("BadRequest", "InactiveStatusCodes is not a list of whole numbers")]
    [InlineData("-400", "InactiveStatusCodes is not a list of whole numbers")]
    [InlineData("", "InactiveStatusCodes is not a list of whole numbers")]
    public async Task A_status_that_says_nothing_about_a_token_is_rejected_at_startup_with_the_reason(string status, string reason)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            StartWithAsync(new() { ["InactiveStatusCodes:0"] = status })
        );

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_secret_must_be_accepted_first()
    {
        IConfigurationRoot? configuration = null;
        await using TestApi api = await TestApi.StartAsync(
            Server,
            new TestApiSetup
            {
                Configuration = manager =>
                {
                    manager.AddInMemoryCollection(
                        new Dictionary<string, string?>
                        {
                            [Section + "InactiveStatusCodes:0"] = "401",
                            [Section + "ClientSecret"] = Server.ClientSecret,
                        }
                    );
                    configuration = (IConfigurationRoot)manager;
                },
                Services = services => services.AddAuthentication().AddOAuthIntrospection(),
                Time = Time,
            }
        );
        await SendAsync(api);
        Server.RespondWith(401);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(api, "before")).Status);

        configuration![Section + "ClientSecret"] = "another";
        configuration.Reload();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SendAsync(api, "after")).Status);
    }

    [Fact]
    public async Task Accepted_credentials_of_one_scheme_do_not_count_for_another()
    {
        await using TestApi api = await TestApi.StartAsync(
            Server,
            new TestApiSetup
            {
                Services = services =>
                    services
                        .AddAuthentication("one")
                        .AddOAuthIntrospection("one", options => options.InactiveStatusCodes.Add(400))
                        .AddOAuthIntrospection("two", options => options.InactiveStatusCodes.Add(400)),
                Schemes = ["one", "two"],
                Time = Time,
            }
        );
        Assert.True((await api.AuthenticateAsync(Server.IssueToken("read"), "one")).Succeeded);
        Server.RespondWith(400);

        Assert.Equal(
            OAuthIntrospectionFailure.Inactive,
            ((OAuthIntrospectionException)(await api.AuthenticateAsync("unknown", "one")).Failure!).Failure
        );
        Assert.Equal(
            OAuthIntrospectionFailure.Unavailable,
            ((OAuthIntrospectionException)(await api.AuthenticateAsync("unknown", "two")).Failure!).Failure
        );
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_revoked_token_of_this_API_is_still_renewed_and_blocks_no_caller(int status)
    {
        await using TokenServer server = await TokenServer.StartAsync();
        server.RefusalStatus = status;
        await using DiscoveryApi api = await StartAsync(server, status);
        Assert.Equal(200, await api.GetAsync("one"));

        server.Revoke();
        Assert.Equal((200, 200), (await api.GetAsync("two"), await api.GetAsync("three")));

        Assert.Equal(2, server.TokenRequests.Count);
    }

    [Fact]
    public async Task A_new_token_of_this_API_must_be_accepted_first()
    {
        await using TokenServer server = await TokenServer.StartAsync();
        server.RefusalStatus = 401;
        await using DiscoveryApi api = await StartAsync(server, 401);
        Assert.Equal(200, await api.GetAsync("one"));
        server.RefusesAll = true; // the status has been about the token all the time, or this API may not ask any more: who knows?

        Assert.Equal(503, await api.GetAsync("unknown"));
        server.RefusesAll = false;
        Assert.Equal(200, await api.GetAsync("two"));
        server.RefusesAll = true;

        Assert.Equal(401, await api.GetAsync("unknown"));
        Assert.Equal(2, server.TokenRequests.Count); // at most once a minute
    }

    [Fact]
    public async Task A_listed_status_in_the_background_removes_the_cached_response()
    {
        await using TestApi api = await StartAsync(options => options.InactiveStatusCodes.Add(400));
        string token = Server.IssueToken("read");
        await SendAsync(api, token);
        Server.RespondWith(400);

        Time.Advance(TimeSpan.FromMinutes(5));
        await SendAsync(api, token);
        await api.IdleAsync();

        Assert.Equal((HttpStatusCode.Unauthorized, 0), await SendAsync(api, token));
    }

    [Fact]
    public async Task No_stale_response_serves_after_a_listed_status()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.InactiveStatusCodes.Add(404);
            options.Cache.MaximumAge = TimeSpan.FromSeconds(10);
            options.Cache.StaleIfUnavailable = TimeSpan.FromHours(1);
        });
        string token = Server.IssueToken("read");
        await SendAsync(api, token);
        Server.RespondWith(404);

        Time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(api, token)).Status);
    }

    [Fact]
    public async Task Glewlwyds_signed_mode_works_with_an_empty_400_for_inactive_tokens()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        await using DiscoveryApi api = await server.StartApiAsync(options => options.InactiveStatusCodes.Add(400));
        Assert.Equal(200, await api.GetAsync("token"));
        server.Http.RespondAt("/introspect", 400);

        Assert.Equal(401, await api.GetAsync("unknown"));
    }

    [Fact]
    public async Task A_flood_opens_no_circuit_and_logs_no_Error()
    {
        await using TestApi api = await StartAsync(options => options.InactiveStatusCodes.Add(404));
        await SendAsync(api);
        Server.RespondToInactiveTokensWith(404);

        for (int i = 0; i < 50; i++)
            await VerdictTests.AssertInactiveAsync(api, $"unknown-{i}");

        Assert.Equal((HttpStatusCode.OK, 1), await SendAsync(api));
        Assert.DoesNotContain(api.Log.Entries, entry => entry.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task Before_the_credentials_are_accepted_the_health_check_is_degraded_and_afterwards_healthy()
    {
        await using TestApi api = await VerdictTests.StartWithHealthAsync(Server, Time, options => options.InactiveStatusCodes.Add(400));
        Server.RespondToInactiveTokensWith(400);

        HealthReportEntry before = await VerdictTests.CheckAsync(api);
        await SendAsync(api);
        Time.Advance(TimeSpan.FromMinutes(1));
        int calls = Server.CallCount;
        HealthReportEntry after = await VerdictTests.CheckAsync(api);

        Assert.Equal((HealthStatus.Degraded, HealthStatus.Healthy), (before.Status, after.Status));
        Assert.Contains(
            "responds 400, which InactiveStatusCodes takes for an inactive token, but has not yet shown",
            before.Description,
            StringComparison.Ordinal
        );
        Assert.Equal(1, Server.CallCount - calls); // it was a probe that found out
    }

    [Fact]
    public async Task Only_listed_statuses_for_a_minute_degrade_health_and_are_logged_until_a_response_arrives()
    {
        await using TestApi api = await VerdictTests.StartWithHealthAsync(Server, Time, options => options.InactiveStatusCodes.Add(401));
        await SendAsync(api);
        Server.RespondWith(401); // the secret has been revoked

        for (int i = 0; i < 20; i++)
        {
            await VerdictTests.AssertInactiveAsync(api, $"token-{i}");
            Time.Advance(TimeSpan.FromSeconds(4));
        }

        HealthReportEntry doubtful = await VerdictTests.CheckAsync(api);
        Server.ResetBehavior();
        await SendAsync(api);
        HealthReportEntry well = await VerdictTests.CheckAsync(api);

        Assert.Equal((HealthStatus.Degraded, HealthStatus.Healthy), (doubtful.Status, well.Status));
        LogEntry entry = Assert.Single(
            api.Log.Entries,
            entry => entry.Level >= LogLevel.Warning && entry.Category.StartsWith("IntrospectionAuth", StringComparison.Ordinal)
        );
        Assert.Equal(("OnlyInactiveStatuses", LogLevel.Warning), (entry.Event.Name, entry.Level));
    }

    [Fact]
    public async Task A_few_or_brief_listed_statuses_and_probes_do_not_degrade_health()
    {
        await using TestApi api = await VerdictTests.StartWithHealthAsync(Server, Time, options => options.InactiveStatusCodes.Add(401));
        await SendAsync(api);
        Server.RespondToInactiveTokensWith(401);

        for (int i = 0; i < 9; i++)
            await VerdictTests.AssertInactiveAsync(api, string.Create(CultureInfo.InvariantCulture, $"unknown-{i}"));
        for (int probe = 0; probe < 20; probe++)
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(HealthStatus.Healthy, (await VerdictTests.CheckAsync(api)).Status);
        }

        await SendAsync(api);
        for (int i = 0; i < 50; i++)
            await VerdictTests.AssertInactiveAsync(api, $"another-{i}");
        Time.Advance(TimeSpan.FromSeconds(59));

        Assert.Equal(HealthStatus.Healthy, (await VerdictTests.CheckAsync(api)).Status);
        Assert.DoesNotContain(api.Log.Entries, entry => entry.Level >= LogLevel.Warning);
    }

    private static OAuthIntrospectionOptions OptionsOf(TestApi api) =>
        api.Services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>().Get("OAuthIntrospection");

    private static Task<DiscoveryApi> StartAsync(TokenServer server, int status) =>
        DiscoveryApi.StartAsync(
            "",
            options =>
            {
                options.IntrospectionEndpoint = server.IntrospectionEndpoint;
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientCredentials;
                options.ClientCredentials.TokenEndpoint = server.TokenEndpoint;
                options.InactiveStatusCodes.Add(status);
            }
        );

    private Task<TestApi> StartWithAsync(Dictionary<string, string?> settings) =>
        TestApi.StartAsync(
            Server,
            new TestApiSetup
            {
                Configuration = configuration =>
                    configuration.AddInMemoryCollection(
                        settings.Select(setting => KeyValuePair.Create(Section + setting.Key, setting.Value))
                    ),
                Services = services => services.AddAuthentication().AddOAuthIntrospection(),
                Time = Time,
            }
        );
}

using System.Net;
using System.Security.Claims;
using IntrospectionAuth.DPoP;
using IntrospectionAuth.FreshTokens;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Resilience;
using IntrospectionAuth.Tests.Responses;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.Telemetry;

/// <summary>A failure that many requests share is logged once a minute, with the number of suppressed messages.</summary>
public sealed class RareMessagesTests : BadDayTest
{
    private const int Many = 50;

    [Theory]
    [InlineData("Unreachable")]
    [InlineData("ClientAuthenticationFailed")]
    [InlineData("DateClamped")]
    [InlineData("UnexpectedStatus")]
    [InlineData("InvalidResponse")]
    [InlineData("CredentialsRefused")]
    public async Task Fifty_requests_with_the_same_failure_log_one_line_and_another_one_a_minute_later(string message)
    {
        bool isWell = false;
        await using TestApi api = await StartAsync(options =>
        {
            options.Resilience.Enabled = false;
            if (message == "ClientAuthenticationFailed")
            {
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.BearerCredential(_ =>
                    isWell ? new("credential-of-the-api") : throw new InvalidOperationException("No token.")
                );
            }
        });
        Misbehave(message);

        await AskManyAsync(api);
        AssertSaid(api, message, 1);
        await RecoverAsync();
        Time.Advance(TimeSpan.FromSeconds(59));
        await AskManyAsync(api);
        AssertSaid(api, message, 1);
        await RecoverAsync();
        Time.Advance(TimeSpan.FromSeconds(1));
        await AskManyAsync(api);

        AssertSaid(api, message, 2);
        Assert.DoesNotContain(api.Log.Entries, entry => entry.Level == LogLevel.Error && entry.Event.Name != message);

        // Messages that are logged when a failure begins or changes are logged again only after it has ended.
        async Task RecoverAsync()
        {
            isWell = true;
            Server.RespondWith(200, """{"active":true,"scope":"read"}""");
            Assert.Equal(HttpStatusCode.OK, await GetAsync(api, Server.IssueToken("read")));
            isWell = false;
            Misbehave(message);
        }
    }

    [Fact]
    public async Task The_next_line_says_how_many_messages_were_suppressed()
    {
        await using TestApi api = await StartAsync(options => options.Resilience.Enabled = false);
        Server.Disconnect();

        await AskManyAsync(api);
        Time.Advance(TimeSpan.FromMinutes(1));
        await AskManyAsync(api);

        Assert.Equal(
            [
                "Logged at most once a minute; 0 suppressed since the last message.",
                "Logged at most once a minute; 49 suppressed since the last message.",
            ],
            Lines(api, "Unreachable")
                .Select(line =>
                    line[line.IndexOf("Logged", StringComparison.Ordinal)..(line.IndexOf("message.", StringComparison.Ordinal) + 8)]
                )
        );
    }

    [Fact]
    public async Task A_clock_that_is_set_back_suppresses_no_message()
    {
        await using TestApi api = await StartAsync(options => options.Resilience.Enabled = false);
        Server.Disconnect();

        await AskManyAsync(api);
        Time.SetBack(TimeSpan.FromHours(1));
        Time.Advance(TimeSpan.FromMinutes(1));
        await AskManyAsync(api);

        AssertSaid(api, "Unreachable", 2);
    }

    [Fact]
    public async Task A_message_of_one_scheme_does_not_suppress_that_of_another()
    {
        await using TestApi api = await TestApi.StartAsync(
            Server,
            new TestApiSetup
            {
                Services = services =>
                    services.AddAuthentication("one").AddOAuthIntrospection("one", _ => { }).AddOAuthIntrospection("two", _ => { }),
                Schemes = ["one", "two"],
                Time = Time,
            }
        );
        Server.Disconnect();

        await api.AuthenticateAsync("token-one", "one");
        await api.AuthenticateAsync("token-two", "two");

        AssertSaid(api, "Unreachable", 2);
    }

    [Fact]
    public async Task Many_requests_to_a_server_that_hangs_log_one_line()
    {
        await using TestApi api = await StartAsync(options => options.Resilience.Enabled = false);
        Server.NeverRespond();

        for (int round = 0; round < 3; round++)
        {
            int before = Server.CallCount;
            Task<HttpStatusCode>[] requests = [.. Enumerable.Range(0, Many).Select(i => GetAsync(api, $"unknown-{round}-{i}"))];
            await Server.WaitForCallsAsync(before + Many);
            Time.Advance(TimeSpan.FromSeconds(round == 1 ? 60 : 5));
            Assert.All(await Task.WhenAll(requests), status => Assert.Equal(HttpStatusCode.ServiceUnavailable, status));
        }

        AssertSaid(api, "TimedOut", 2);
    }

    [Fact]
    public async Task A_server_that_is_down_for_fifteen_minutes_logs_one_line_a_minute_of_each_kind()
    {
        await using TestApi api = await StartAsync();
        Server.Disconnect();

        for (int second = 0; second < 900; second++)
        {
            await GetAsync(api, $"unknown-{second}");
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(Lines(api, "CircuitOpened").Count, 10, 15);
        Assert.InRange(Lines(api, "Unreachable").Count, 10, 16);
    }

    [Fact]
    public async Task A_server_that_fails_again_right_after_recovery_is_logged_again()
    {
        await using TestApi api = await StartAsync();

        for (int round = 0; round < 3; round++)
        {
            Server.Disconnect();
            for (int i = 0; i < 12; i++)
                await GetAsync(api, $"unknown-{round}-{i}");
            Server.ResetBehavior();
            Time.Advance(TimeSpan.FromSeconds(6));
            await GetAsync(api, $"unknown-{round}");
        }

        AssertSaid(api, "CircuitOpened", 3);
        AssertSaid(api, "CircuitClosed", 3);
    }

    [Fact]
    public async Task A_server_that_sends_RetryAfter_each_second_logs_one_line_a_minute()
    {
        await using TestApi api = await StartAsync();
        Server.RespondWith(429, headers: [new("Retry-After", "1")]);

        for (int second = 0; second < 60; second++)
        {
            await GetAsync(api, $"unknown-{second}");
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        AssertSaid(api, "BackingOff", 1);
        await GetAsync(api, "another");
        AssertSaid(api, "BackingOff", 2);
    }

    [Fact]
    public async Task Requests_beyond_the_maximum_number_of_calls_log_one_line_and_another_one_a_minute_later()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.Timeout = TimeSpan.FromMinutes(5);
            options.Resilience.MaximumConcurrentCalls = 1;
            options.Resilience.MaximumWait = TimeSpan.Zero;
        });
        using HeldResponses held = Server.HoldResponses();
        Task<HttpStatusCode> first = GetAsync(api, Server.IssueToken("read"));
        await held.WaitForCallsAsync(1);

        await AskManyAsync(api);
        AssertSaid(api, "TooManyCalls", 1);
        Time.Advance(TimeSpan.FromMinutes(1));
        await AskManyAsync(api);

        AssertSaid(api, "TooManyCalls", 2);
        held.Release();
        Assert.Equal(HttpStatusCode.OK, await first);
    }

    [Fact]
    public async Task Fifty_refreshes_that_fail_in_an_event_handler_log_one_line_and_another_one_a_minute_later()
    {
        bool throws = false;
        await using TestApi api = await TestApi.StartAsync(
            Server,
            new TestApiSetup
            {
                Services = services =>
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(options =>
                            options.Events.OnIntrospecting = _ =>
                                throws ? throw new InvalidOperationException("The handler's own fault.") : Task.CompletedTask
                        ),
                Time = Time,
            }
        );
        string[] tokens = [.. Enumerable.Range(0, Many).Select(_ => Server.IssueToken("read"))];
        foreach (string token in tokens)
            Assert.Equal(HttpStatusCode.OK, await GetAsync(api, token));
        throws = true;

        for (int minute = 0; minute < 2; minute++)
        {
            Time.Advance(TimeSpan.FromMinutes(minute == 0 ? 5 : 1));
            foreach (string token in tokens)
            {
                Assert.Equal(HttpStatusCode.OK, await GetAsync(api, token));
                await api.IdleAsync();
            }

            await api.Log.WaitForAsync("RefreshFailed", minute + 1);
        }

        AssertSaid(api, "RefreshFailed", 2);
    }

    [Fact]
    public void Fifty_proofs_that_exceed_the_capacity_log_one_line_and_another_one_a_minute_later()
    {
        var log = new LogRecorder();
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        var verifier = new DPoPVerifier(new UsedProofs(0), null!, new RareMessages(), loggers.CreateLogger<DPoPVerifier>());
        var options = new OAuthIntrospectionOptions { TimeProvider = Time };

        for (int i = 0; i < Many; i++)
            Use(i);
        Assert.Equal(1, log.Count("TooManyProofs"));
        Time.Advance(TimeSpan.FromMinutes(1));
        Use(Many);

        Assert.Equal(2, log.Count("TooManyProofs"));

        void Use(int id)
        {
            var proof = new VerifiedProof
            {
                KeyThumbprint = "key",
                Id = $"{id}",
                IssuedAt = Time.GetUtcNow(),
                ExpiresAt = Time.GetUtcNow().AddSeconds(60),
            };
            Assert.Equal(
                OAuthIntrospectionFailure.Unavailable,
                verifier.Use(proof, new DefaultHttpContext().Response, "scheme", options, Time.GetUtcNow())?.Failure
            );
        }
    }

    [Fact]
    public async Task Fifty_principals_without_a_verified_fresh_token_log_one_line_and_another_one_a_minute_later()
    {
        await using TestApi api = await StartAsync();
        using IServiceScope scope = api.Services.CreateScope();
        IAuthorizationService authorization = scope.ServiceProvider.GetRequiredService<IAuthorizationService>();
        AuthorizationPolicy policy = new AuthorizationPolicyBuilder().AddRequirements(new FreshTokenRequirement(TimeSpan.Zero)).Build();
        var user = new ClaimsPrincipal(new ClaimsIdentity("another"));

        for (int i = 0; i < Many; i++)
            Assert.False((await authorization.AuthorizeAsync(user, policy)).Succeeded);
        AssertSaid(api, "FreshTokenNotVerified", 1);
        Time.Advance(TimeSpan.FromMinutes(1));
        await authorization.AuthorizeAsync(user, policy);

        AssertSaid(api, "FreshTokenNotVerified", 2);
    }

    [Theory]
    [InlineData(MetadataServer.OpenId)]
    [InlineData(SignedServer.Jwks)]
    [InlineData("/token")]
    public async Task Fifty_broken_connections_to_other_endpoints_log_one_line_and_another_one_a_minute_later(string path)
    {
        await using SignedServer server = await SignedServer.StartAsync();
        server.Http.On(
            path,
            static context =>
            {
                context.Abort();
                return Task.CompletedTask;
            }
        );
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(
            server.Url,
            options =>
            {
                options.Resilience.Enabled = false;
                options.RequireSignedResponse = path == SignedServer.Jwks;
                if (path != "/token")
                    return;
                options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientCredentials;
                options.ClientCredentials.TokenEndpoint = server.Url + path;
                options.IntrospectionEndpoint = server.Url + "/introspect";
            }
        );

        for (int i = 0; i < Many; i++)
            Assert.Equal(503, await api.GetAsync($"token-{i}"));
        Assert.Equal(1, api.Signal.Count("Unreachable"));
        api.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(503, await api.GetAsync("another"));

        Assert.Equal(2, api.Signal.Count("Unreachable"));
    }

    private static List<string> Lines(TestApi api, string message) =>
        [.. api.Log.Entries.Where(entry => entry.Event.Name == message).Select(entry => entry.Text)];

    private static void AssertSaid(TestApi api, string message, int times) => Assert.Equal(times, Lines(api, message).Count);

    private static async Task<HttpStatusCode> GetAsync(TestApi api, string token)
    {
        using HttpResponseMessage response = await api.GetAsync("/read", token);
        return response.StatusCode;
    }

    private static async Task AskManyAsync(TestApi api)
    {
        for (int i = 0; i < Many; i++)
            await GetAsync(api, $"unknown-{Guid.NewGuid():N}");
    }

    private void Misbehave(string message)
    {
        switch (message)
        {
            case "Unreachable":
                Server.Disconnect();
                break;
            case "DateClamped":
                Server.RespondWith(200, """{"active":true,"exp":1767225600000000}""");
                break;
            case "UnexpectedStatus":
                Server.RespondWith(418);
                break;
            case "InvalidResponse":
                Server.RespondWith(200, "<html>", "text/html");
                break;
            case "CredentialsRefused":
                Server.RespondWith(401, """{"error":"invalid_client"}""");
                break;
        }
    }
}

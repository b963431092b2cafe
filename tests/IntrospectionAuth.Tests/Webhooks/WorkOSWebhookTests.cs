using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tests.Telemetry;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Webhooks;

/// <summary>Webhooks of WorkOS remove what they report as revoked, and nothing else does.</summary>
public sealed class WorkOSWebhookTests : IAsyncDisposable
{
    private const string Malformed = "it has no signature, or a malformed one";
    private const string Unverified = "no secret of this endpoint verifies its signature";
    private const string NotJson = "it is not JSON, has a member twice, or is nested too deeply";

    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server;

    public WorkOSWebhookTests() => _server = FakeAuthorizationServer.Create(options => options.TimeProvider = _time);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    // The payloads are those of workos.com/docs/events, shortened. Each row: the event, its data, and which of four tokens it removes:
    // the user's in this session, the user's in another organization, another user's in the same organization, a machine's elsewhere.
    [Theory]
    [InlineData("session.revoked", """{"object":"session","id":"session_1","user_id":"user_1","organization_id":"org_1"}""", "1100")]
    [InlineData("session.revoked", """{"object":"session","id":"session_1","user_id":"user_1","organization_id":null}""", "1100")]
    [InlineData("session.revoked", """{"object":"session","id":"session_1","organization_id":"org_1"}""", "1010")]
    [InlineData("session.revoked", """{"object":"session","id":"session_1"}""", "1000")]
    [InlineData("user.deleted", """{"object":"user","id":"user_1","email":"a@example.com"}""", "1100")]
    [InlineData("organization_membership.deleted", """{"id":"om_1","user_id":"user_1","organization_id":"org_1"}""", "1100")]
    [InlineData("organization_membership.updated", """{"id":"om_1","user_id":"user_1","organization_id":"org_1"}""", "1100")]
    [InlineData("organization_membership.updated", """{"id":"om_1","organization_id":"org_1"}""", "1010")]
    [InlineData("organization.deleted", """{"object":"organization","id":"org_1","name":"One"}""", "1010")]
    [InlineData("organization.deleted", """{"object":"organization","id":"org_3"}""", "0000")]
    [InlineData("user.updated", """{"object":"user","id":"user_1"}""", "0000")]
    [InlineData("Session.Revoked", """{"id":"session_1","user_id":"user_1"}""", "0000")]
    public async Task An_event_removes_the_tokens_of_the_user_or_organization_that_it_names(string type, string data, string removed)
    {
        await using TestApi api = await WorkOSWebhook.StartAsync(_server, _time);
        string[] tokens =
        [
            Issue("user_1", "session_1", "org_1"),
            Issue("user_1", "session_2", "org_2"),
            Issue("user_2", "session_3", "org_1"),
            Issue("client_1", sessionId: null, "org_2"),
        ];
        foreach (string token in tokens)
            await api.AssertStatusAsync(token, HttpStatusCode.OK);
        string body = WorkOSWebhook.Event(type, data);

        int status = await WorkOSWebhook.SendAsync(api, body, WorkOSWebhook.Sign(body, _time.GetUtcNow()));

        Assert.Equal(200, status);
        if (removed.Contains('1', StringComparison.Ordinal))
            Assert.Contains($"workos: the event {type} removed", api.Log.Text, StringComparison.Ordinal);
        foreach ((string token, char expected) in tokens.Zip(removed))
        {
            int before = _server.CallCount;
            await api.AssertStatusAsync(token, HttpStatusCode.OK);
            Assert.Equal(expected - '0', _server.CallCount - before);
        }
    }

    public static TheoryData<string, string[], string> ForgedSignatures =>
        new()
        {
            { "absent", [], Malformed },
            { "empty", [""], Malformed },
            { "no signature", ["t={t}"], Malformed },
            { "no time", ["v1={v1}"], Malformed },
            { "another secret", ["t={t}, v1={other}"], Unverified },
            { "another scheme", ["t={t}, v0={v1}"], Malformed },
            { "too short", ["t={t}, v1=00"], Malformed },
            { "not hexadecimal", ["t={t}, v1=zz"], Malformed },
            { "base64", ["t={t}, v1=3q2+7w=="], Malformed },
            { "two times", ["t={t}, t={t}, v1={v1}"], Malformed },
            { "two headers", ["t={t}, v1={v1}", "t={t}, v1={v1}"], Malformed },
            { "signed at another time", ["t={later}, v1={v1}"], Unverified },
            { "a negative time", ["t=-{t}, v1={v1}"], Malformed },
            { "a time in words", ["t=now, v1={v1}"], Malformed },
            { "a time past year 9999", ["t=999999999999999, v1={v1}"], Malformed },
            { "a time of 40 digits", ["t=1111111111111111111111111111111111111111, v1={v1}"], Malformed },
            { "seconds", ["t={seconds}, v1={v1}"], "it was not signed within the last 3 minutes" },
            { "spaces within", ["t = {t}, v1 = {v1}"], Malformed },
            { "a long header", [new string('a', 600) + ", t={t}, v1={v1}"], Malformed },
        };

    [Theory]
    [MemberData(nameof(ForgedSignatures))]
    public async Task A_forged_webhook_removes_nothing_yields_400_and_is_logged(string what, string[] headers, string fault)
    {
        Assert.NotEmpty(what);
        await using TestApi api = await WorkOSWebhook.StartAsync(_server, _time);
        string token = Issue("user_1", "session_1", "org_1");
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        string body = WorkOSWebhook.Event("user.deleted", """{"id":"user_1"}""");
        string time = $"{_time.GetUtcNow().ToUnixTimeMilliseconds()}";
        string[] signatures =
        [
            .. headers.Select(header =>
                header
                    .Replace("{t}", time, StringComparison.Ordinal)
                    .Replace("{later}", $"{_time.GetUtcNow().ToUnixTimeMilliseconds() + 1}", StringComparison.Ordinal)
                    .Replace("{seconds}", $"{_time.GetUtcNow().ToUnixTimeSeconds()}", StringComparison.Ordinal)
                    .Replace("{v1}", WorkOSWebhook.Hash($"{time}.{body}"), StringComparison.Ordinal)
                    .Replace("{other}", WorkOSWebhook.Hash($"{time}.{body}", "another secret"), StringComparison.Ordinal)
            ),
        ];

        Assert.Equal(400, await WorkOSWebhook.SendAsync(api, body, signatures));

        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(1, _server.CallCount);
        AssertRejected(fault, api);
    }

    [Theory]
    [InlineData(-180_000, 200)]
    [InlineData(180_000, 200)]
    [InlineData(-180_001, 400)]
    [InlineData(180_001, 400)]
    public async Task A_webhook_is_accepted_for_3_minutes_around_its_time(int milliseconds, int expected)
    {
        await using TestApi api = await WorkOSWebhook.StartAsync(_server, _time);
        string body = WorkOSWebhook.Event("user.deleted", """{"id":"user_1"}""");
        string signature = WorkOSWebhook.Sign(body, _time.GetUtcNow().AddMilliseconds(milliseconds));

        Assert.Equal(expected, await WorkOSWebhook.SendAsync(api, body, signature));
    }

    [Theory]
    [InlineData("first-secret-of-the-endpoint", 200)]
    [InlineData("second-secret-of-the-endpoint", 200)]
    [InlineData("third-secret-of-the-endpoint", 400)]
    public async Task Each_of_several_secrets_is_accepted_so_that_a_secret_can_be_rotated(string secret, int expected)
    {
        await using TestApi api = await WorkOSWebhook.StartAsync(
            _server,
            _time,
            options =>
            {
                options.Secrets.Add("first-secret-of-the-endpoint");
                options.Secrets.Add("second-secret-of-the-endpoint");
            }
        );
        string body = WorkOSWebhook.Event("user.deleted", """{"id":"user_1"}""");

        Assert.Equal(expected, await WorkOSWebhook.SendAsync(api, body, WorkOSWebhook.Sign(body, _time.GetUtcNow(), secret)));
    }

    [Fact]
    public async Task One_valid_signature_among_several_is_enough()
    {
        await using TestApi api = await WorkOSWebhook.StartAsync(_server, _time);
        string body = WorkOSWebhook.Event("user.deleted", """{"id":"user_1"}""");
        string signature = WorkOSWebhook.Sign(body, _time.GetUtcNow()) + ",v1=" + WorkOSWebhook.Hash("else") + ",v2=unknown";

        Assert.Equal(200, await WorkOSWebhook.SendAsync(api, body, signature));
    }

    [Theory]
    [InlineData("", NotJson)]
    [InlineData("null", "it is not a JSON object")]
    [InlineData("[]", "it is not a JSON object")]
    [InlineData("\"user.deleted\"", "it is not a JSON object")]
    [InlineData("{", NotJson)]
    [InlineData("{}", "it has no type")]
    [InlineData("""{"event":1,"data":{"id":"user_1"}}""", "it has no type")]
    [InlineData("""{"event":"","data":{"id":"user_1"}}""", "it has no type")]
    [InlineData("""{"event":"user.deleted"}""", "it has no data")]
    [InlineData("""{"event":"user.deleted","data":null}""", "it has no data")]
    [InlineData("""{"event":"user.deleted","data":"user_1"}""", "it has no data")]
    [InlineData("""{"event":"user.deleted","data":{}}""", "its data has no id")]
    [InlineData("""{"event":"user.deleted","data":{"id":""}}""", "its data has no id")]
    [InlineData("""{"event":"user.deleted","data":{"id":1}}""", "its data has no id")]
    [InlineData("""{"event":"user.deleted","data":{"id":{"id":"user_1"}}}""", "its data has no id")]
    [InlineData("""{"event":"user.deleted","data":{"id":"\ud800"}}""", "it has a string that is not Unicode")]
    [InlineData("""{"event":"user.deleted","event":"user.deleted","data":{"id":"user_1"}}""", NotJson)]
    [InlineData("""{"event":"user.deleted","data":{"id":"user_2","id":"user_1"}}""", NotJson)]
    [InlineData("""{"event":"session.revoked","data":{"user_id":["user_1"]}}""", "its data has no id")]
    public async Task A_signed_body_that_is_no_event_yields_400_so_that_it_shows_at_WorkOS(string body, string fault)
    {
        await using TestApi api = await WorkOSWebhook.StartAsync(_server, _time);
        string token = Issue("user_1", "session_1", "org_1");
        await api.AssertStatusAsync(token, HttpStatusCode.OK);

        Assert.Equal(400, await WorkOSWebhook.SendAsync(api, body, WorkOSWebhook.Sign(body, _time.GetUtcNow())));

        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(1, _server.CallCount);
        AssertRejected(fault, api);
    }

    [Fact]
    public async Task A_replayed_webhook_removes_nothing_and_one_that_is_sent_again_does()
    {
        await using TestApi api = await WorkOSWebhook.StartAsync(_server, _time);
        string token = Issue("user_1", "session_1", "org_1");
        string body = WorkOSWebhook.Event("user.deleted", """{"id":"user_1"}""");
        string signature = WorkOSWebhook.Sign(body, _time.GetUtcNow());
        Assert.Equal(200, await WorkOSWebhook.SendAsync(api, body, signature));
        await api.AssertStatusAsync(token, HttpStatusCode.OK);

        Assert.Equal(200, await WorkOSWebhook.SendAsync(api, body, signature));
        Assert.Equal(200, await WorkOSWebhook.SendAsync(api, body, $"{signature}, v1={WorkOSWebhook.Hash("else")}"));
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(1, _server.CallCount);
        Assert.Contains("the event user.deleted removed nothing: it was received before. Logged", api.Log.Text, StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, await WorkOSWebhook.SendAsync(api, body, WorkOSWebhook.Sign(body, _time.GetUtcNow())));
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task A_webhook_that_arrives_late_counts_after_a_clock_that_was_ahead_is_set_back()
    {
        await using TestApi api = await WorkOSWebhook.StartAsync(_server, _time);
        DateTimeOffset start = _time.GetUtcNow();
        string first = WorkOSWebhook.Event("user.deleted", """{"id":"user_2"}""");
        _time.Advance(TimeSpan.FromSeconds(170));
        Assert.Equal(200, await WorkOSWebhook.SendAsync(api, first, WorkOSWebhook.Sign(first, start)));
        _time.SetBack(TimeSpan.FromSeconds(170));
        string token = Issue("user_1", "session_1", "org_1");
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        string late = WorkOSWebhook.Event("user.deleted", """{"id":"user_1"}""");

        Assert.Equal(200, await WorkOSWebhook.SendAsync(api, late, WorkOSWebhook.Sign(late, start.AddSeconds(-20))));

        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task A_changed_body_is_rejected()
    {
        await using TestApi api = await WorkOSWebhook.StartAsync(_server, _time);
        string body = WorkOSWebhook.Event("user.deleted", """{"id":"user_1"}""");
        string signature = WorkOSWebhook.Sign(body, _time.GetUtcNow());

        Assert.Equal(400, await WorkOSWebhook.SendAsync(api, body.Replace("user_1", "user_2", StringComparison.Ordinal), signature));
        Assert.Equal(400, await WorkOSWebhook.SendAsync(api, body + " ", signature));
        Assert.Equal(200, await WorkOSWebhook.SendAsync(api, body, signature));
    }

    [Theory]
    [InlineData(256 * 1024, false, 200)]
    [InlineData((256 * 1024) + 1, false, 413)]
    [InlineData((256 * 1024) + 1, true, 413)]
    public async Task A_body_is_read_up_to_256_KB(int length, bool isChunked, int expected)
    {
        await using TestApi api = await WorkOSWebhook.StartAsync(_server, _time);
        string body = WorkOSWebhook.Event("user.deleted", """{"id":"user_1"}""").PadRight(length);
        using var request = new HttpRequestMessage(HttpMethod.Post, WorkOSWebhook.Path);
        request.Content = new StringContent(body);
        request.Headers.TransferEncodingChunked = isChunked;
        request.Headers.TryAddWithoutValidation("WorkOS-Signature", WorkOSWebhook.Sign(body, _time.GetUtcNow()));

        using HttpResponseMessage response = await api.Client.SendAsync(request);

        Assert.Equal(expected, (int)response.StatusCode);
        if (expected == 413)
            AssertRejected("its body is longer than 256 KB", api);
    }

    [Fact]
    public async Task A_body_that_is_announced_as_longer_is_not_read()
    {
        await using TestApi api = await WorkOSWebhook.StartAsync(_server, _time);

        HttpContext context = await BrokenBody.PostAsync(
            api,
            WorkOSWebhook.Path,
            new IOException("It was read."),
            request =>
            {
                request.ContentLength = (256 * 1024) + 1;
                request.Headers["WorkOS-Signature"] = WorkOSWebhook.Sign("", _time.GetUtcNow());
            }
        );

        Assert.Equal(413, context.Response.StatusCode);
    }

    [Theory]
    [InlineData("the connection broke", 400)]
    [InlineData("the caller went away", 400)]
    [InlineData("the server's own limit", 413)]
    public async Task A_body_that_ends_early_yields_an_error_so_that_WorkOS_sends_it_again(string fault, int expected)
    {
        await using TestApi api = await WorkOSWebhook.StartAsync(_server, _time);
        Exception exception = fault switch
        {
            "the connection broke" => new IOException(fault),
            "the caller went away" => new OperationCanceledException(fault),
            _ => new BadHttpRequestException(fault, 413),
        };

        HttpContext context = await BrokenBody.PostAsync(
            api,
            WorkOSWebhook.Path,
            exception,
            request => request.Headers["WorkOS-Signature"] = WorkOSWebhook.Sign("", _time.GetUtcNow())
        );

        Assert.Equal(expected, context.Response.StatusCode);
        AssertRejected("its body ended early", api);
    }

    [Fact]
    public async Task A_secret_may_have_16_characters()
    {
        string secret = new('s', 16);
        await using TestApi api = await WorkOSWebhook.StartAsync(_server, _time, options => options.Secrets.Add(secret));
        string body = WorkOSWebhook.Event("user.deleted", """{"id":"user_1"}""");

        Assert.Equal(200, await WorkOSWebhook.SendAsync(api, body, WorkOSWebhook.Sign(body, _time.GetUtcNow(), secret)));
    }

    [Fact]
    public async Task The_endpoint_has_a_name_for_the_log_of_the_routing()
    {
        await using TestApi api = await WorkOSWebhook.StartAsync(_server, _time);

        Assert.Contains(
            api.Services.GetRequiredService<EndpointDataSource>().Endpoints,
            endpoint => endpoint.DisplayName == "WorkOS webhook"
        );
    }

    [Fact]
    public async Task Only_POST_is_allowed()
    {
        await using TestApi api = await WorkOSWebhook.StartAsync(_server, _time);

        await api.AssertStatusAsync(WorkOSWebhook.Path, token: null, HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task The_endpoint_is_anonymous_even_with_a_fallback_policy()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection(_ => { });
                    services
                        .AddAuthorizationBuilder()
                        .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
                },
                Endpoints = app => app.MapWorkOSWebhook(WorkOSWebhook.Secret),
                Time = _time,
            }
        );
        string body = WorkOSWebhook.Event("user.deleted", """{"id":"user_1"}""");

        Assert.Equal(200, await WorkOSWebhook.SendAsync(api, body, WorkOSWebhook.Sign(body, _time.GetUtcNow())));
    }

    [Fact]
    public async Task Each_event_is_measured_and_logged_once_without_the_user()
    {
        await using TestApi api = await WorkOSWebhook.StartAsync(_server, _time);
        using var metrics = new MeasurementRecorder(api.Services);
        await api.AssertStatusAsync(Issue("user_1", "session_1", "org_1"), HttpStatusCode.OK);
        string deleted = WorkOSWebhook.Event("user.deleted", """{"id":"user_1"}""");
        string other = WorkOSWebhook.Event("secret.type", """{"id":"user_1"}""");

        await WorkOSWebhook.SendAsync(api, deleted, WorkOSWebhook.Sign(deleted, _time.GetUtcNow()));
        await WorkOSWebhook.SendAsync(api, other, WorkOSWebhook.Sign(other, _time.GetUtcNow()));
        await WorkOSWebhook.SendAsync(api, deleted, WorkOSWebhook.Sign(other, _time.GetUtcNow()));

        Assert.Equal(
            [
                "1 source=workos type=user.deleted result=removed",
                "1 source=workos type=other result=ignored",
                "1 source=workos type=other result=rejected",
            ],
            metrics
                .Of(OAuthIntrospectionTelemetry.PushedEvents)
                .Select(measured => measured.Replace("introspection_auth.event.", "", StringComparison.Ordinal))
        );
        string[] names = ["TokensRevoked", "EventIgnored", "EventRejected"];
        Assert.Equal(names, api.Log.Entries.Select(entry => entry.Event.Name).Intersect(names, StringComparer.Ordinal));
        Assert.Contains("workos: the event user.deleted removed 1 cache entries.", api.Log.Text, StringComparison.Ordinal);
        Assert.Contains("the event other removed nothing: it does not revoke tokens. Logged", api.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("user_1", api.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret.type", api.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(WorkOSWebhook.Secret, api.Log.Text, StringComparison.Ordinal);
    }

    [Trait("Load", "Heavy")]
    [Fact]
    public async Task Ten_thousand_forged_webhooks_remove_nothing_call_no_server_and_are_logged_once_a_minute()
    {
        await using TestApi api = await WorkOSWebhook.StartAsync(_server, _time);
        string token = Issue("user_1", "session_1", "org_1");
        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        string body = WorkOSWebhook.Event("user.deleted", """{"id":"user_1"}""");
        string signature = WorkOSWebhook.Sign(body, _time.GetUtcNow(), "another secret of that length");

        await Parallel.ForAsync(0, 10_000, async (_, _) => Assert.Equal(400, await WorkOSWebhook.SendAsync(api, body, signature)));

        await api.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(1, _server.CallCount);
        Assert.Equal(1, api.Log.Count("EventRejected"));
    }

    [Theory]
    [InlineData("no secret", "Secrets is empty. Set the signing secret of the webhook's endpoint.")]
    [InlineData("short", "A secret has fewer than 16 characters. Set the signing secret that WorkOS shows for the endpoint.")]
    [InlineData("second short", "A secret has fewer than 16 characters. Set the signing secret that WorkOS shows for the endpoint.")]
    [InlineData("no path", "Path is empty.")]
    [InlineData("no scheme", "no scheme is registered. Call AddOAuthIntrospection first.")]
    public void A_mistake_stops_the_start_with_a_message_that_names_it(string mistake, string message)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Services.AddRouting();
        if (mistake != "no scheme")
            builder.Services.AddAuthentication().AddOAuthIntrospection();
        WebApplication app = builder.Build();

        var exception = Assert.Throws<InvalidOperationException>(() =>
            app.MapWorkOSWebhook(options =>
            {
                if (mistake != "no secret")
                    options.Secrets.Add(mistake == "short" ? "short" : WorkOSWebhook.Secret);
                if (mistake == "second short")
                    options.Secrets.Add("short");
                options.Path = mistake == "no path" ? "" : options.Path;
            })
        );

        Assert.Equal($"MapWorkOSWebhook: {message}", exception.Message);
    }

    private static void AssertRejected(string fault, TestApi api) =>
        Assert.Contains($"workos: an event was rejected: {fault}. Logged", api.Log.Text, StringComparison.Ordinal);

    private string Issue(string subject, string? sessionId, string organizationId) =>
        _server.IssueToken(it =>
        {
            it.Subject = subject;
            it.Scopes = ["read"];
            if (sessionId is not null)
                it.Members["sid"] = sessionId;
            it.Members["org_id"] = organizationId;
        });
}

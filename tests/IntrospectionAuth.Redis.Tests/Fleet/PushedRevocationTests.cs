using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Redis.Tests.Fleet;

/// <summary>An event that one node receives takes effect on every node of the fleet.</summary>
[Collection("Fleets")]
public sealed class PushedRevocationTests(PushedRevocationFleet setup) : IClassFixture<PushedRevocationFleet>
{
    private static readonly TimeSpan s_promised = TimeSpan.FromSeconds(1);

    // The subject of this test's token: no other test on the same fleet revokes it.
    private readonly string _subject = $"subject-{Guid.NewGuid()}";

    [Fact]
    public async Task A_security_event_that_is_pushed_to_one_node_takes_effect_on_all_within_a_second()
    {
        (string token, string other) = await UseAndRevokeAsync();

        long pushed = Stopwatch.GetTimestamp();
        ApiResponse response = await PostAsync(
            setup.Receiver,
            "/security-events",
            setup.Transmitter.Sign(_subject),
            "application/secevent+jwt"
        );

        Assert.Equal(202, response.Status);
        await AssertRevokedAsync(token, other, pushed, s_promised);
    }

    [Fact]
    public async Task A_security_event_that_one_node_polls_takes_effect_on_all_within_a_second()
    {
        (string token, string other) = await UseAndRevokeAsync();

        long offered = Stopwatch.GetTimestamp();
        setup.Transmitter.Offer(_subject);

        await AssertRevokedAsync(token, other, offered, s_promised);
        await setup.Fleet.WaitUntilAsync(() => Task.FromResult(setup.Transmitter.Unacknowledged == 0));
    }

    [Fact]
    public async Task A_poller_survives_an_outage_of_its_transmitter_and_receives_the_events_of_that_time()
    {
        (string token, string other) = await UseAndRevokeAsync();
        await setup.Transmitter.StopAsync();
        await setup.Poller.Api.WaitForLogAsync("the events of the transmitter cannot be polled");
        setup.Transmitter.Offer(_subject);
        Assert.All(await setup.Fleet.GetOnAllAsync("/me", token), status => Assert.Equal(200, status)); // the event cannot arrive

        await setup.Transmitter.RestartAsync();
        long restarted = Stopwatch.GetTimestamp();

        // The poller backs off for a second after the first failure, and twice as long after each further one.
        await AssertRevokedAsync(token, other, restarted, TimeSpan.FromSeconds(8) + s_promised);
        await setup.Poller.Api.WaitForLogAsync("the transmitter responds again");
        await setup.Fleet.WaitUntilAsync(() => Task.FromResult(setup.Transmitter.Unacknowledged == 0));
    }

    [Fact]
    public async Task A_webhook_of_WorkOS_that_one_node_receives_takes_effect_on_all_within_a_second()
    {
        (string token, string other) = await UseAndRevokeAsync();
        string body = $$$"""{"id":"event_01","event":"session.revoked","data":{"id":"session_01","user_id":"{{{_subject}}}"}}""";
        string time = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        byte[] hash = HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(PushedRevocationFleet.WebhookSecret),
            Encoding.UTF8.GetBytes($"{time}.{body}")
        );

        long sent = Stopwatch.GetTimestamp();
        ApiResponse response = await PostAsync(
            setup.WebhookReceiver,
            "/webhooks/workos",
            body,
            "application/json",
            ("WorkOS-Signature", $"t={time}, v1={Convert.ToHexStringLower(hash)}")
        );

        Assert.Equal(200, response.Status);
        await AssertRevokedAsync(token, other, sent, s_promised);
    }

    /// <summary>Uses two tokens on every node, and revokes both at the authorization server, which no node notices.</summary>
    /// <returns>The token of <see cref="_subject"/>, and one of another subject.</returns>
    private async Task<(string Token, string Other)> UseAndRevokeAsync()
    {
        string token = setup.Fleet.Server.IssueToken(token => token.Subject = _subject);
        string other = setup.Fleet.Server.IssueToken(token => token.Subject = $"not {_subject}");
        foreach (string each in (string[])[token, other])
        {
            Assert.All(await setup.Fleet.GetOnAllAsync("/me", each), status => Assert.Equal(200, status));
            setup.Fleet.Server.Revoke(each);
            Assert.All(await setup.Fleet.GetOnAllAsync("/me", each), status => Assert.Equal(200, status));
        }

        return (token, other);
    }

    private async Task AssertRevokedAsync(string token, string other, long since, TimeSpan promised)
    {
        TimeSpan last = await setup.Fleet.MeasureLastAcceptanceAsync(token, since);

        TestContext.Current.TestOutputHelper!.WriteLine($"Last accepted after {last.TotalMilliseconds:F0} ms.");
        Assert.InRange(last, TimeSpan.Zero, promised);
        Assert.All(await setup.Fleet.GetOnAllAsync("/me", other), status => Assert.Equal(200, status)); // not removed
        for (int i = 0; i < 20; i++)
            Assert.All(await setup.Fleet.GetOnAllAsync("/me", token), status => Assert.Equal(401, status));
    }

    private static async Task<ApiResponse> PostAsync(
        FleetNode node,
        string path,
        string body,
        string contentType,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await node.Api.SendAsync(request);
    }
}

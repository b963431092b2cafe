using System.Diagnostics;
using System.Security.Cryptography;
using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Redis.Tests.Engines;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>oidc-provider sends a logout token to samples/Api when a user logs out (OpenID Connect Back-Channel Logout 1.0).</summary>
[Collection(SharedOidcProvider.Name)]
public sealed class BackChannelLogoutTests(OidcProviderServer server)
{
    [NodeTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cached_token_is_rejected_as_soon_as_its_user_has_logged_out(bool withSession)
    {
        await using SampleApi api = await HostedApi.StartAsync(Settings());
        await server.SendLogoutsToAsync(new Uri(api.Url, "/backchannel-logout"), withSession);
        using var alice = new Browser(server.Issuer);
        using var bob = new Browser(server.Issuer);
        string token = await alice.LogInAsync("alice");
        string other = await bob.LogInAsync("bob");
        foreach (string each in new[] { token, other })
            Assert.Equal(200, (await api.GetAsync("/read", each)).Status);

        await alice.LogOutAsync();

        int calls = await server.CountCallsAsync(async () =>
        {
            (await api.GetAsync("/read", token)).AssertInvalidToken("The access token is not active.");
            Assert.Equal(200, (await api.GetAsync("/read", other)).Status);
        });
        Assert.Equal(1, calls); // Bob's response is still cached.
        await api.WaitForLogAsync("backchannel_logout: the event logout removed 1 cache entries.");
        Assert.DoesNotContain("alice", api.Log, StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task A_token_in_constant_use_is_rejected_within_a_second_although_oidc_provider_revokes_it_after_the_logout_token()
    {
        await using SampleApi api = await HostedApi.StartAsync(Settings());
        await server.SendLogoutsToAsync(new Uri(api.Url, "/backchannel-logout"), withSession: true);
        using var dave = new Browser(server.Issuer);
        string token = await dave.LogInAsync("dave");
        Assert.Equal(200, (await api.GetAsync("/read", token)).Status);
        Task<long> lastAccepted = FindLastAcceptanceAsync(api, token);

        await dave.LogOutAsync();
        long loggedOut = Stopwatch.GetTimestamp();

        TimeSpan late = Stopwatch.GetElapsedTime(loggedOut, await lastAccepted);
        TestContext.Current.TestOutputHelper!.WriteLine($"Last accepted {late.TotalMilliseconds:F0} ms after the logout.");
        Assert.InRange(late.TotalSeconds, double.NegativeInfinity, 1);
    }

    [NodeFact]
    public async Task A_token_in_constant_use_on_three_nodes_is_rejected_by_all_within_a_second_of_a_logout_that_one_of_them_receives()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        Dictionary<string, string> settings = Settings();
        settings["SharedCache:Redis"] = redis.Address;
        settings["SharedCache:Secrets:0"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        await using SampleApi one = await HostedApi.StartAsync(settings);
        await using SampleApi two = await HostedApi.StartAsync(settings);
        await using SampleApi three = await HostedApi.StartAsync(settings);
        await server.SendLogoutsToAsync(new Uri(one.Url, "/backchannel-logout"), withSession: true);
        using var erin = new Browser(server.Issuer);
        string token = await erin.LogInAsync("erin");
        SampleApi[] nodes = [one, two, three];
        foreach (SampleApi node in nodes)
            Assert.Equal(200, (await node.GetAsync("/read", token)).Status);
        Task<long>[] lastAccepted = [.. nodes.Select(node => FindLastAcceptanceAsync(node, token))];

        await erin.LogOutAsync();
        long loggedOut = Stopwatch.GetTimestamp();

        double[] late = [.. (await Task.WhenAll(lastAccepted)).Select(at => Stopwatch.GetElapsedTime(loggedOut, at).TotalSeconds)];
        TestContext.Current.TestOutputHelper!.WriteLine($"Last accepted after: {string.Join(", ", late.Select(it => $"{it:F3}"))} s.");
        Assert.All(late, seconds => Assert.InRange(seconds, double.NegativeInfinity, 1));
    }

    [NodeFact]
    public async Task Without_a_logout_token_the_cached_response_stays_in_use()
    {
        await using SampleApi api = await HostedApi.StartAsync(Settings());
        await server.SendLogoutsToAsync(new Uri(api.Url, "/public"), withSession: true);
        using var carol = new Browser(server.Issuer);
        string token = await carol.LogInAsync("carol");
        Assert.Equal(200, (await api.GetAsync("/read", token)).Status);

        await carol.LogOutAsync();

        Assert.Equal(200, (await api.GetAsync("/read", token)).Status);
    }

    /// <summary>Uses a token until it is rejected, for at most 10 seconds.</summary>
    private static async Task<long> FindLastAcceptanceAsync(SampleApi api, string token)
    {
        long started = Stopwatch.GetTimestamp(),
            last = started;
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10) && (await api.GetAsync("/read", token)).Status == 200)
            last = Stopwatch.GetTimestamp();
        return last;
    }

    private Dictionary<string, string> Settings()
    {
        Dictionary<string, string> settings = server.DiscoverySettings("client_secret_basic", Browser.Client);
        settings["ClientSecret"] = Browser.Secret;
        return settings;
    }
}

using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Servers;

/// <summary>What holds with every server, regardless of its responses.</summary>
internal static class AnyServer
{
    /// <param name="settings">Settings of the scheme without a cache.</param>
    /// <param name="client">A client that may revoke its tokens.</param>
    public static async Task AssertTokensWorkUntilRevokedAsync(Dictionary<string, string> settings, TokenClient client)
    {
        await using SampleApi api = await HostedApi.StartAsync(settings);
        string token = (await client.IssueAsync("read")).Access;

        Assert.Equal(200, (await api.GetAsync("/read", token)).Status);
        (await api.GetAsync("/write", token)).AssertForbidden("write");

        await client.RevokeAsync(token);
        (await api.GetAsync("/read", token)).AssertInvalidToken("The access token is not active.");
    }

    /// <param name="settings">Settings of the scheme with credentials that the server refuses.</param>
    /// <param name="token">An active token.</param>
    public static async Task AssertRefusedCredentialsYield503Async(Dictionary<string, string> settings, string token)
    {
        await using SampleApi api = await HostedApi.StartAsync(settings);

        (await api.GetAsync("/read", token)).AssertUnavailable();
        await api.WaitForLogAsync("it refuses this API's credentials or request");
    }

    /// <param name="settings">Settings of the scheme.</param>
    /// <param name="issueAsync">Issues a token.</param>
    /// <param name="killAsync">Kills the server.</param>
    public static async Task AssertOnlyCachedTokensWorkInAnOutageAsync(
        Dictionary<string, string> settings,
        Func<Task<IssuedTokens>> issueAsync,
        Func<Task> killAsync
    )
    {
        await using SampleApi api = await HostedApi.StartAsync(settings);
        string cached = (await issueAsync()).Access;
        string other = (await issueAsync()).Access;
        Assert.Equal(200, (await api.GetAsync("/read", cached)).Status);

        await killAsync();

        Assert.Equal(200, (await api.GetAsync("/read", cached)).Status);
        (await api.GetAsync("/read", other)).AssertUnavailable();
    }
}

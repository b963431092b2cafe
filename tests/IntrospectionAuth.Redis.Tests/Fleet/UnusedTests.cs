using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Redis.Tests.Fleet;

/// <summary>samples/Api has the package on disk, and uses it only where Redis is configured.</summary>
[Collection("Fleets")]
public sealed class UnusedTests
{
    private const string Client = "StackExchange.Redis.dll";

    [Fact]
    public async Task An_API_without_settings_of_the_shared_cache_does_not_load_the_client_of_Redis()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The loaded files of a process are read from /proc.");
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();

        Assert.DoesNotContain(Client, await FindLoadedFilesAsync(server, []), StringComparison.Ordinal);
        Assert.Contains(
            Client,
            await FindLoadedFilesAsync(
                server,
                new(StringComparer.Ordinal)
                {
                    ["SharedCache:Redis"] = "127.0.0.1:1", // nothing listens there
                    ["SharedCache:Secrets:0"] = Convert.ToBase64String(new byte[32]),
                }
            ),
            StringComparison.Ordinal
        );
    }

    /// <summary>Starts the API, sends it a request that introspects, and finds the files that it has loaded.</summary>
    private static async Task<string> FindLoadedFilesAsync(FakeAuthorizationServer server, Dictionary<string, string> settings)
    {
        var all = new Dictionary<string, string>(settings, StringComparer.Ordinal)
        {
            ["IntrospectionEndpoint"] = server.IntrospectionEndpoint,
            ["ClientId"] = server.ClientId,
            ["ClientSecret"] = server.ClientSecret,
        };
        await using SampleApi api = await SampleApi.StartAsync(all);
        Assert.Equal(200, (await api.GetAsync("/read", server.IssueToken("read"))).Status);

        string files = string.Concat(api.ProcessIds.Select(static id => File.ReadAllText($"/proc/{id}/maps")));
        Assert.Contains("IntrospectionAuth.dll", files, StringComparison.Ordinal);
        return files;
    }
}

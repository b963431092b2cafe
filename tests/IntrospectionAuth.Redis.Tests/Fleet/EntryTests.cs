using System.Text;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Redis.Tests.Engines;
using StackExchange.Redis;

namespace IntrospectionAuth.Redis.Tests.Fleet;

/// <summary>What is in the engine, and what a node makes of it when it was modified.</summary>
[Collection("Fleets")]
public sealed class EntryTests(SharedFleets fleets)
{
    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task The_engine_holds_nothing_in_clear_and_nothing_for_longer_than_the_responses_live(EngineKind kind)
    {
        await using TestFleet fleet = await TestFleet.StartAsync(kind, new(StringComparer.Ordinal) { ["Cache:MaximumAge"] = "120" });
        string[] tokens =
        [
            .. Enumerable
                .Range(0, 30)
                .Select(i =>
                    fleet.Server.IssueToken(token =>
                    {
                        token.Subject = $"subject-{i}";
                        token.Username = $"username-{i}@example.com";
                        token.OrganizationId = $"organization-{i}";
                        token.WorkspaceId = $"workspace-{i}";
                        token.Members["sid"] = $"session-{i}";
                    })
                ),
        ];
        foreach (string token in tokens)
            Assert.All(await fleet.GetOnAllAsync("/me", token), status => Assert.Equal(200, status));
        await fleet.Nodes[0].ForgetAsync(fleet.Admin, "token", tokens[0]);
        await fleet.Nodes[1].ForgetAsync(fleet.Admin, "subject", "subject-1");
        await fleet.Nodes[2].ForgetAsync(fleet.Admin, "organization", "organization-2");

        await using ConnectionMultiplexer connection = await ConnectAsync(fleet);
        List<RedisKey> keys = await KeysAsync(connection);
        var dump = new StringBuilder();
        foreach (RedisKey key in keys)
        {
            IDatabase database = connection.GetDatabase();
            bool isList = await database.KeyTypeAsync(key) == RedisType.List;
            dump.Append(key.ToString());
            foreach (RedisValue value in isList ? await database.ListRangeAsync(key) : [await database.StringGetAsync(key)])
                dump.Append(Encoding.Latin1.GetString((byte[])value!));

            TimeSpan? lifetime = await database.KeyTimeToLiveAsync(key);
            if (key.ToString().StartsWith("ia:e:", StringComparison.Ordinal))
                Assert.InRange(lifetime!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(121));
        }

        Assert.InRange(keys.Count, tokens.Length, tokens.Length + 10);
        string[] secrets =
        [
            .. tokens,
            fleet.Admin,
            .. (string[])
                ["subject-", "username-", "@example.com", "organization-", "workspace-", "session-", "client-1", fleet.Server.ClientSecret],
        ];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, dump.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task A_modified_entry_is_a_miss(EngineKind kind)
    {
        TestFleet fleet = await fleets.GetAsync(kind);
        await using ConnectionMultiplexer connection = await ConnectAsync(fleet);
        IDatabase database = connection.GetDatabase();
        var attacks = new Dictionary<string, Func<byte[], byte[], byte[]>>(StringComparer.Ordinal)
        {
            ["another version"] = static (entry, _) => [(byte)(entry[0] + 1), .. entry[1..]],
            ["a flipped bit in the middle"] = static (entry, _) => Flip(entry, entry.Length / 2),
            ["a flipped bit at the end"] = static (entry, _) => Flip(entry, entry.Length - 1),
            ["a truncated entry"] = static (entry, _) => entry[..^1],
            ["an extended entry"] = static (entry, _) => [.. entry, 0],
            ["an empty entry"] = static (_, _) => [],
            ["the entry of another token"] = static (_, other) => other,
        };
        foreach ((string attack, Func<byte[], byte[], byte[]> modify) in attacks)
        {
            (string token, string other) = (fleet.Server.IssueToken("read"), fleet.Server.IssueToken("read", "admin"));
            (RedisKey key, RedisKey otherKey) = (await ShareAsync(fleet, connection, token), await ShareAsync(fleet, connection, other));
            byte[] modified = modify((await database.StringGetAsync(key))!, (await database.StringGetAsync(otherKey))!);
            await database.StringSetAsync(key, modified, TimeSpan.FromMinutes(1));

            ApiResponse response = await fleet.Nodes[1].GetAsync("/admin", token);

            Assert.True((response.Status, fleet.Server.CallsFor(token).Count) == (403, 2), attack);
        }
    }

    [Fact]
    public async Task Invalid_tokens_write_nothing_to_the_engine()
    {
        TestFleet fleet = await fleets.GetAsync();
        await using ConnectionMultiplexer connection = await ConnectAsync(fleet);
        int before = (await KeysAsync(connection)).Count;

        for (int i = 0; i < 20; i++)
        {
            ApiResponse[] responses = await Task.WhenAll(
                Enumerable.Range(0, 30).Select(n => fleet.Nodes[n % 3].GetAsync("/me", $"invalid-{i}-{n}"))
            );
            Assert.All(responses, response => Assert.Equal(401, response.Status));
        }

        await fleet.WaitUntilAsync(async () => (await KeysAsync(connection)).Count <= before); // leases are given back
    }

    private static byte[] Flip(byte[] entry, int index)
    {
        byte[] copy = [.. entry];
        copy[index] ^= 1;
        return copy;
    }

    /// <summary>Shares the response of a token from the first node, and returns the engine's key.</summary>
    private static async Task<RedisKey> ShareAsync(TestFleet fleet, ConnectionMultiplexer connection, string token)
    {
        List<RedisKey> before = await KeysAsync(connection);
        Assert.Equal(200, (await fleet.Nodes[0].GetAsync("/me", token)).Status);
        List<RedisKey> added = [];
        await fleet.WaitUntilAsync(async () => (added = await EntriesAfterAsync(connection, before)).Count == 1);
        return added[0];
    }

    private static async Task<List<RedisKey>> EntriesAfterAsync(ConnectionMultiplexer connection, List<RedisKey> before) =>
        [.. (await KeysAsync(connection)).Except(before).Where(key => key.ToString().StartsWith("ia:e:", StringComparison.Ordinal))];

    private static async Task<ConnectionMultiplexer> ConnectAsync(TestFleet fleet) =>
        await ConnectionMultiplexer.ConnectAsync(fleet.Engine.Address);

    private static async Task<List<RedisKey>> KeysAsync(ConnectionMultiplexer connection)
    {
        List<RedisKey> keys = [];
        await foreach (RedisKey key in connection.GetServers().Single().KeysAsync(pageSize: 1000))
            keys.Add(key);
        return keys;
    }
}

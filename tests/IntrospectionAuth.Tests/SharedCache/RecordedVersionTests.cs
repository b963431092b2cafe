using System.Net;
using System.Security.Cryptography;
using System.Text;
using IntrospectionAuth.Removals;
using IntrospectionAuth.SharedCache;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Conventions;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tests.Telemetry;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>Nodes of different releases in one fleet: what earlier ones wrote is read, what later ones write is a miss.</summary>
public sealed class RecordedVersionTests : IAsyncDisposable
{
    private const string Token = "recorded-token";
    private const string Body = """{"active":true,"scope":"read","sub":"recorded-subject"}""";
    private const byte NextVersion = SealedBox.Version + 1;

    private static readonly FleetSecret s_secret = new(Convert.FromBase64String(FleetNode.Secret));

    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly InMemoryFleetEngine _engine = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public void An_entry_of_version_1_is_read()
    {
        var entry = SharedEntry.Open(Recorded("entry"), s_secret, "ia:e:recorded", Token);

        Assert.NotNull(entry);
        Assert.Equal(Body, Encoding.UTF8.GetString(entry.Body.Span));
        Assert.Equal(ManualTimeProvider.Start, entry.ObtainedAt);
        Assert.Equal(TimeSpan.FromSeconds(60), entry.ServerMaximumAge);
        Assert.Equal([(s_secret.Id, 7), (42, 9)], entry.Stamp.Positions);
    }

    [Fact]
    public void An_entry_of_version_1_without_a_feed_is_read()
    {
        var entry = SharedEntry.Open(Recorded("entry-without-feed"), s_secret, "ia:e:recorded", Token);

        Assert.NotNull(entry);
        Assert.Equal(Body, Encoding.UTF8.GetString(entry.Body.Span));
        Assert.Equal(ManualTimeProvider.Start, entry.ObtainedAt);
        Assert.Null(entry.ServerMaximumAge);
        Assert.Empty(entry.Stamp.Positions);
    }

    [Fact]
    public void The_names_of_version_1_are_still_those_of_the_secret()
    {
        byte[] value = [.. Enumerable.Range(0, 32).Select(static i => (byte)i)];

        Assert.Equal(-2268136888777145573, s_secret.Id);
        Assert.Equal("ia:{G4N6SoT1heA}", s_secret.FeedName);
        Assert.Equal("ia:e:9o521oK8EYXJG_9vw9JGyHdCSExyxnrBgPOcTfdGhnI", s_secret.HashKey('e', value));
        Assert.Equal("ia:l:0sTw45eK5ky9AVbtlQM7-aQSkwG5ujVZaFtcW0OliSE", s_secret.HashKey('l', value));
        Assert.Equal("ia:p:4YgZPa-Qzno3mlI0ThablrQto-QQl6Dd_p4EZOwSbos", s_secret.HashKey('p', value));
    }

    [Theory]
    [InlineData("removal-of-everything", true)]
    [InlineData("removal-of-token", false)]
    [InlineData("removal-of-subject", false)]
    [InlineData("removal-of-session", false)]
    [InlineData("removal-of-client", false)]
    [InlineData("removal-of-organization", false)]
    [InlineData("removal-of-workspace", false)]
    [InlineData("removal-of-scheme", true)]
    [InlineData("removals-of-several-kinds", false)]
    public async Task A_removal_of_version_1_takes_effect(string message, bool removesOthers)
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);
        string meant = await UseAsync(node, Token, "recorded"),
            other = await UseAsync(node, "another-token", "other");

        _engine.Append(s_secret.FeedName, Recorded(message));
        await node.Engine.CatchUpAsync();

        await node.AssertStatusAsync(meant, HttpStatusCode.Unauthorized);
        await node.AssertStatusAsync(other, removesOthers ? HttpStatusCode.Unauthorized : HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_message_of_version_1_without_removals_removes_nothing()
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);
        string token = await UseAsync(node, Token, "recorded");

        _engine.Append(s_secret.FeedName, Recorded("marker"));
        await node.Engine.CatchUpAsync();

        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(0, node.Api.Log.Count("ForeignFeedMessage"));
    }

    [Fact]
    public async Task An_entry_of_a_later_version_is_a_miss()
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);
        string token = _server.IssueToken("read");
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);
        (string key, byte[] entry) = Assert.Single(_engine.Values('e'));
        byte[][] later =
        [
            [NextVersion, .. entry[1..]],
            [NextVersion],
            [NextVersion, .. RandomNumberGenerator.GetBytes(1000)],
        ];

        int written = 1;
        foreach (byte[] value in later)
        {
            await using FleetNode other = await FleetNode.StartAsync(_server, _engine);
            using var metrics = new MeasurementRecorder(other.Api.Services);
            int calls = _server.CallCount;
            _engine.Set(key, value, TimeSpan.FromHours(1));

            await other.AssertStatusAsync(token, HttpStatusCode.OK);

            Assert.Equal(calls + 1, _server.CallCount);
            Assert.Contains(
                "1 aspnetcore.authentication.scheme=OAuthIntrospection introspection_auth.outcome=unreadable",
                metrics.Of(OAuthIntrospectionTelemetry.SharedCacheLookups)
            );
            await _engine.WaitForEntriesAsync(written += 2); // the later version, and what the node has written in its place
        }
    }

    [Theory]
    [InlineData("another version")]
    [InlineData("another version, short")]
    [InlineData("another kind")]
    public async Task A_message_of_a_later_version_removes_everything(string message)
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);
        string token = await UseAsync(node, Token, "recorded");
        byte[] later = message switch
        {
            "another version" => [NextVersion, .. RandomNumberGenerator.GetBytes(100)],
            "another version, short" => [NextVersion],
            _ => RemovalMessage.Seal([Removal.Of((RemovalKind)100, "value")], s_secret),
        };

        _engine.Append(s_secret.FeedName, later);
        await node.Engine.CatchUpAsync();
        await using FleetNode started = await FleetNode.StartAsync(_server, _engine);

        await node.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        await started.AssertStatusAsync(token, HttpStatusCode.Unauthorized); // the entry is still in the engine
        Assert.NotEmpty(_engine.Values('e'));
        Assert.Equal(0, node.Api.Log.Count("ForeignFeedMessage"));
    }

    private static byte[] Recorded(string name) =>
        Convert.FromBase64String(Repository.Read($"tests/IntrospectionAuth.Tests/SharedCache/Recorded/v1-{name}.txt"));

    /// <summary>Has the node and the engine hold a response, which the server would not give again.</summary>
    private async Task<string> UseAsync(FleetNode node, string value, string prefix)
    {
        string token = _server.IssueToken(it =>
        {
            it.Value = value;
            it.Scopes = ["read"];
            it.Subject = prefix + "-subject";
            it.ClientId = prefix + "-client";
            it.OrganizationId = prefix + "-organization";
            it.WorkspaceId = prefix + "-workspace";
            it.Members["sid"] = prefix + "-session";
        });
        int entries = _engine.Values('e').Count;
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(entries + 1);
        _server.Revoke(token);
        return token;
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Text;
using IntrospectionAuth.Removals;
using IntrospectionAuth.SharedCache;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>Messages of the feed that no node of the fleet wrote, or not now.</summary>
public sealed class FeedAttackTests : IAsyncDisposable
{
    private static readonly FleetSecret s_secret = new(Convert.FromBase64String(FleetNode.Secret));
    private static readonly FleetSecret s_otherSecret = new(Convert.FromBase64String(FleetNode.OtherSecret));
    private static readonly byte[] s_message = Message("user-1");

    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly InMemoryFleetEngine _engine = new();

    public static TheoryData<string, byte[]> Forgeries =>
        new()
        {
            { "nothing", [] },
            { "one byte", [SealedBox.Version] },
            { "random bytes", [SealedBox.Version, .. RandomNumberGenerator.GetBytes(100)] },
            { "a megabyte", [SealedBox.Version, .. RandomNumberGenerator.GetBytes(1024 * 1024)] },
            { "text", Encoding.UTF8.GetBytes("\u0001 the subject user-1 is removed, says the attacker") },
            { "another fleet's", RemovalMessage.Seal([Removal.Of(RemovalKind.Subject, "user-1")], s_otherSecret) },
            { "truncated", s_message[..^1] },
            { "extended", [.. s_message, 0] },
            { "two in one", [.. s_message, .. s_message] },
            { "an entry's", s_secret.EntryOf("token").Seal([2, 0, 0], Encoding.ASCII.GetBytes(s_secret.FeedName)) },
            { "another feed's", s_secret.Feed.Seal([2, 0, 0], Encoding.ASCII.GetBytes(s_otherSecret.FeedName)) },
        };

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task A_forged_message_removes_nothing_and_is_a_warning(string forgery, byte[] message)
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);
        string token = await UseAsync(node);

        _engine.Append(s_secret.FeedName, message);
        await node.Engine.CatchUpAsync();
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(1, _server.CallCount);
        Assert.True(node.Api.Log.Count("ForeignFeedMessage") == 1, forgery);

        // Messages of the fleet around it still take effect.
        _server.Revoke(token);
        _engine.Append(s_secret.FeedName, Message("user-1"));
        await node.Engine.CatchUpAsync();
        await node.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public void A_message_with_any_bit_changed_opens_as_no_other_removal()
    {
        for (int bit = 0; bit < s_message.Length * 8; bit++)
        {
            byte[] changed = [.. s_message];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));

            IReadOnlyList<Removal>? removals = RemovalMessage.Open(changed, s_secret);

            if (bit < 8)
                Assert.Equal(RemovalKind.Everything, Assert.Single(removals!).Kind); // another version
            else
                Assert.Null(removals);
        }
    }

    [Fact]
    public void A_message_that_is_truncated_anywhere_does_not_open()
    {
        for (int length = 0; length < s_message.Length; length++)
            Assert.Null(RemovalMessage.Open(s_message[..length], s_secret));
    }

    [Theory]
    [InlineData(new byte[] { 2 })]
    [InlineData(new byte[] { 2, 0 })]
    [InlineData(new byte[] { 2, 0, 1 })]
    [InlineData(new byte[] { 2, 255, 255, 65 })]
    [InlineData(new byte[] { 2, 0, 1, 65, 2 })]
    public void Plaintext_of_any_other_form_removes_everything_for_a_node_with_the_secret_wrote_it(byte[] plaintext)
    {
        byte[] message = s_secret.Feed.Seal(plaintext, Encoding.ASCII.GetBytes(s_secret.FeedName));

        Assert.Contains(RemovalMessage.Open(message, s_secret)!, static removal => removal.Kind == RemovalKind.Everything);
    }

    [Fact]
    public async Task A_replayed_message_costs_a_call_and_brings_nothing_back()
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);
        _engine.Append(s_secret.FeedName, s_message);
        await node.Engine.CatchUpAsync();
        string token = await UseAsync(node);

        _engine.Append(s_secret.FeedName, s_message);
        await node.Engine.CatchUpAsync();
        await node.AssertStatusAsync(token, HttpStatusCode.OK);

        Assert.Equal(2, _server.CallCount);
        Assert.Equal(0, node.Api.Log.Count("ForeignFeedMessage"));
    }

    [Fact]
    public async Task The_same_messages_again_with_the_same_numbers_bring_nothing_back()
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);
        string token = await UseAsync(node);
        (string key, byte[] entry) = Assert.Single(_engine.Values('e'));
        _server.Revoke(token);
        _engine.Append(s_secret.FeedName, s_message);
        await node.Engine.CatchUpAsync();
        await node.AssertStatusAsync(token, HttpStatusCode.Unauthorized);

        _engine.LoseLatestMessages(1); // the feed as it was before the removal
        _engine.Set(key, entry, TimeSpan.FromHours(1));
        await node.ReadAgainAsync();

        await node.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    private static byte[] Message(string subject) => RemovalMessage.Seal([Removal.Of(RemovalKind.Subject, subject)], s_secret);

    private async Task<string> UseAsync(FleetNode node)
    {
        string token = _server.IssueToken("read");
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);
        return token;
    }
}

using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using IntrospectionAuth.SharedCache;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Tests.SharedCache;

public sealed class EntryAttackTests : IAsyncDisposable
{
    private const string Key = "ia:e:key";
    private const string Token = "a-token-of-some-length";

    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly FleetSecret s_secret = new(Convert.FromBase64String(FleetNode.Secret));
    private static readonly byte[] s_entry = Seal("""{"active":true,"sub":"alice"}""", s_start);

    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly InMemoryFleetEngine _engine = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public void An_entry_opens_with_its_secret_key_and_token()
    {
        var entry = SharedEntry.Open(s_entry, s_secret, Key, Token);

        Assert.Equal("""{"active":true,"sub":"alice"}""", Encoding.UTF8.GetString(entry!.Body.Span));
        Assert.Equal(s_start, entry.ObtainedAt);
        Assert.Equal(7, entry.Stamp.PositionIn(s_secret.Id));
    }

    [Fact]
    public void An_entry_with_any_bit_changed_does_not_open()
    {
        for (int bit = 0; bit < s_entry.Length * 8; bit++)
        {
            byte[] changed = [.. s_entry];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(SharedEntry.Open(changed, s_secret, Key, Token));
        }
    }

    [Fact]
    public void An_entry_that_is_truncated_anywhere_or_extended_does_not_open()
    {
        for (int length = 0; length < s_entry.Length; length++)
        {
            Assert.Null(SharedEntry.Open(s_entry[..length], s_secret, Key, Token));
            Assert.Null(SharedEntry.Open(s_entry[^length..], s_secret, Key, Token));
        }

        Assert.Null(SharedEntry.Open([.. s_entry, 0], s_secret, Key, Token));
        Assert.Null(SharedEntry.Open([0, .. s_entry], s_secret, Key, Token));
    }

    [Fact]
    public void An_entry_does_not_open_with_another_secret_key_or_token()
    {
        byte[] secret = Convert.FromBase64String(FleetNode.Secret);
        secret[31] ^= 1;

        Assert.Null(SharedEntry.Open(s_entry, new FleetSecret(secret), Key, Token));
        Assert.Null(SharedEntry.Open(s_entry, s_secret, "ia:e:kez", Token));
        Assert.Null(SharedEntry.Open(s_entry, s_secret, Key, Token + "x"));
        Assert.Null(SharedEntry.Open(s_entry, s_secret, Key, ""));
    }

    [Fact]
    public void Random_and_huge_values_do_not_open()
    {
        foreach (int length in (int[])[0, 1, 28, 29, 30, 45, 46, 100, 1_000_000])
        {
            byte[] random = RandomNumberGenerator.GetBytes(length);
            Assert.Null(SharedEntry.Open(random, s_secret, Key, Token));
            if (length > 0)
                random[0] = SealedBox.Version;
            Assert.Null(SharedEntry.Open(random, s_secret, Key, Token));
        }
    }

    [Fact]
    public void Plaintext_of_any_other_form_is_a_miss_even_if_the_right_key_sealed_it()
    {
        for (int length = 0; length < 17; length++)
            Assert.Null(Open(new byte[length]));

        Assert.Null(Open(Plaintext(ticks: 0, feeds: 0)));
        Assert.Null(Open(Plaintext(ticks: -1, feeds: 0)));
        Assert.Null(Open(Plaintext(ticks: long.MaxValue, feeds: 0)));
        Assert.Null(Open(Plaintext(ticks: 1, feeds: 1)));
        Assert.Null(Open(Plaintext(ticks: 1, feeds: 255)));
        Assert.NotNull(Open(Plaintext(ticks: 1, feeds: 0)));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"active":false}""")]
    [InlineData("""{"active":"true","scope":"read"}""")]
    [InlineData("""{"active":true,"active":true,"scope":"read"}""")]
    [InlineData("""{"active":false,"active":true,"scope":"read"}""")]
    [InlineData("""{"active":true,"scope":"read","exp":1}""")]
    [InlineData("""{"active":true,"scope":"read","nbf":99999999999}""")]
    [InlineData("""{"active":true,"scope":"read"} trailing""")]
    public async Task A_sealed_response_that_no_server_could_send_for_a_valid_token_gives_no_access(string body)
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);
        string token = await ShareAsync(node);
        (string key, _) = Assert.Single(_engine.Values('e'));
        await using FleetNode other = await FleetNode.StartAsync(_server, _engine);
        _server.Revoke(token);
        _engine.Set(key, Seal(body, TimeProvider.System.GetUtcNow(), key, token, StampOf(other)), TimeSpan.FromHours(1));

        await other.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(0)]
    [InlineData(long.MinValue)]
    public async Task Any_max_age_in_a_sealed_entry_is_handled(long ticks)
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);
        string token = await ShareAsync(node);
        (string key, _) = Assert.Single(_engine.Values('e'));
        await using FleetNode other = await FleetNode.StartAsync(_server, _engine, options => options.Cache.HonorCacheControl = true);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var maximumAge = new TimeSpan(ticks);
        _engine.Set(key, Seal("""{"active":true,"scope":"read"}""", now, key, token, StampOf(other), maximumAge), TimeSpan.FromHours(1));

        await other.AssertStatusAsync(token, HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_entry_under_the_key_of_another_token_gives_no_access()
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);
        string mine = await ShareAsync(node);
        (string myKey, byte[] myEntry) = Assert.Single(_engine.Values('e'));
        string other = await ShareAsync(node, count: 2);
        string otherKey = Assert.Single(_engine.Values('e').Keys, key => key != myKey);
        await using FleetNode victim = await FleetNode.StartAsync(_server, _engine);
        _server.Revoke(other);
        _engine.Set(otherKey, myEntry, TimeSpan.FromHours(1));

        await victim.AssertStatusAsync(other, HttpStatusCode.Unauthorized);
        await victim.AssertStatusAsync(mine, HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_entry_of_a_node_with_another_hint_or_secret_is_not_used()
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);
        string token = await ShareAsync(node);
        Action<OAuthIntrospectionOptions>[] differences =
        [
            options => options.TokenTypeHint = "other",
            options => options.SharedCache.Secrets.Add(FleetNode.OtherSecret),
        ];
        _server.Revoke(token);

        foreach (Action<OAuthIntrospectionOptions> difference in differences)
        {
            await using FleetNode other = await FleetNode.StartAsync(_server, _engine, difference);
            await other.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        }
    }

    [Theory]
    [InlineData("client")]
    [InlineData("hint")]
    [InlineData("scheme")]
    [InlineData("server")]
    public async Task An_entry_is_not_found_or_read_by_a_node_that_asks_otherwise(string difference)
    {
        await using FakeAuthorizationServer server = difference == "server" ? OtherServer() : _server;
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);
        string token = await ShareAsync(node);
        (string key, byte[] entry) = Assert.Single(_engine.Values('e'));
        if (!ReferenceEquals(server, _server))
            IssueAgain(server, token);
        await using (FleetNode other = await StartOtherAsync())
            await other.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(2);
        string otherKey = Assert.Single(_engine.Values('e').Keys, it => it != key);
        server.Revoke(token);

        _engine.Remove(otherKey);
        await using (FleetNode other = await StartOtherAsync())
            await other.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        _engine.Set(otherKey, entry, TimeSpan.FromHours(1));
        await using (FleetNode other = await StartOtherAsync())
            await other.AssertStatusAsync(token, HttpStatusCode.Unauthorized);

        Task<FleetNode> StartOtherAsync() =>
            FleetNode.StartAsync(
                server,
                _engine,
                options =>
                {
                    if (difference == "client")
                        options.ClientId = "another-client";
                    if (difference == "hint")
                        options.TokenTypeHint = "another";
                },
                scheme: difference == "scheme" ? "Another" : OAuthIntrospectionDefaults.AuthenticationScheme
            );

        static void IssueAgain(FakeAuthorizationServer server, string token) =>
            server.IssueToken(it =>
            {
                it.Value = token;
                it.Scopes = ["read"];
            });

        static FakeAuthorizationServer OtherServer() =>
            FakeAuthorizationServer.Create(static options => options.BaseAddress = new("https://other.example.com"));
    }

    [Fact]
    public async Task An_entry_that_is_put_back_after_a_removal_is_not_used_by_any_node_even_a_new_one()
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);
        await using FleetNode other = await FleetNode.StartAsync(_server, _engine);
        string token = await ShareAsync(node);
        (string key, byte[] entry) = Assert.Single(_engine.Values('e'));
        _server.Revoke(token);
        node.Cache.RemoveToken(token);
        await _engine.Removals.WaitForAsync(it => it == key);
        await _engine.Messages.WaitForAsync(static _ => true);
        await other.Engine.CatchUpAsync();
        _engine.Set(key, entry, TimeSpan.FromHours(1));
        await using FleetNode late = await FleetNode.StartAsync(_server, _engine);

        await node.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        await other.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        await late.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_engine_holds_no_token_subject_client_or_secret_in_clear()
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine);
        string token = _server.IssueToken(it =>
        {
            it.Scopes = ["read"];
            it.Members["sub"] = "alice-the-subject";
            it.Members["email"] = "alice@mail.example";
        });
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);
        node.Cache.RemoveSubject("alice-the-subject");
        node.Cache.RemoveToken(token);
        await _engine.Messages.WaitForAsync(static _ => true);

        IEnumerable<byte[]> dump = _engine
            .Writes.SelectMany(static it => (byte[][])[Encoding.UTF8.GetBytes(it.Key), it.Value])
            .Concat(_engine.Messages)
            .Concat(_engine.FeedNames.Select(Encoding.UTF8.GetBytes));
        string[] secrets = [token, "alice", "mail.example", "active", _server.ClientId, _server.ClientSecret, FleetNode.Secret];
        string[] keys = [.. _engine.Writes.Select(static it => it.Key)];
        Assert.All(dump, bytes => Assert.DoesNotContain(secrets, secret => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) >= 0));
        string hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        Assert.All(keys, key => Assert.DoesNotContain(hash, key, StringComparison.OrdinalIgnoreCase));
    }

    private static (long, long)[] StampOf(FleetNode node) => [.. node.Fleet.FindStamp()!.Positions];

    private static byte[] Seal(
        string body,
        DateTimeOffset obtainedAt,
        string key = Key,
        string token = Token,
        (long, long)[]? stamp = null,
        TimeSpan? maximumAge = null
    ) =>
        new SharedEntry
        {
            ObtainedAt = obtainedAt,
            ServerMaximumAge = maximumAge,
            Stamp = new(stamp ?? [(s_secret.Id, 7)]),
            Body = Encoding.UTF8.GetBytes(body),
        }.Seal(s_secret, key, token);

    private static SharedEntry? Open(byte[] plaintext) =>
        SharedEntry.Open(s_secret.EntryOf(Token).Seal(plaintext, Encoding.ASCII.GetBytes(Key)), s_secret, Key, Token);

    private static byte[] Plaintext(long ticks, byte feeds)
    {
        byte[] plaintext = new byte[17];
        BinaryPrimitives.WriteInt64BigEndian(plaintext, ticks);
        plaintext[16] = feeds;
        return plaintext;
    }

    private async Task<string> ShareAsync(FleetNode node, int count = 1)
    {
        string token = _server.IssueToken("read");
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(count);
        return token;
    }
}

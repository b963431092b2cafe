using System.Buffers.Binary;
using System.Text;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Fuzzing.Plain;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Responses;
using IntrospectionAuth.SharedCache;

namespace IntrospectionAuth.Fuzzing.Targets;

/// <summary>
/// An entry of the shared cache. After a P the input is encrypted here, as a node of a later release might, or one with a fault. After
/// anything else it is what the engine returns.
/// </summary>
internal sealed class SharedEntryTarget : FuzzTarget
{
    private const string Key = "ia:e:fuzz";
    private const string Token = "token";

    private static readonly FleetSecret s_fleet = new(PlainBox.Secret);
    private static readonly byte[] s_key = PlainBox.KeyOfEntry(Token);
    private static readonly OAuthIntrospectionCacheOptions s_cache = new() { HonorCacheControl = true };

    public override string Name => "shared-entry";

    public override string Purpose => "an entry of the shared cache, encrypted or as its plaintext";

    public override IReadOnlyList<string> Words { get; } =
    [
        "P\u0008\u0000\u0000\u0000\u0000\u0000\u0000\u0000",
        "\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000",
        "\u0001",
        "\u0002",
        "{\"active\":true}",
        "{\"active\":false}",
        "\"sub\":\"s\"",
        "\"exp\":1767225601",
    ];

    public override void Run(byte[] input)
    {
        byte[] rest = input.Length == 0 ? [] : input[1..];
        byte[] value = input is [(byte)'P', ..] ? s_fleet.EntryOf(Token).Seal(rest, Encoding.ASCII.GetBytes(Key)) : rest;
        SharedEntry? entry = Measure(input, () => SharedEntry.Open(value, s_fleet, Key, Token));

        byte[]? plaintext = PlainBox.Open(value, s_key, Key);
        int feeds = plaintext?.Length >= 17 ? plaintext[16] : 0;
        int start = 17 + (16 * feeds);
        long ticks = plaintext?.Length >= start ? BinaryPrimitives.ReadInt64BigEndian(plaintext) : 0;
        bool isEntry = ticks > 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks;
        Finding.UnlessEqual(isEntry, entry is not null, "readable");
        if (entry is null || plaintext is null)
            return;

        long maximumAge = BinaryPrimitives.ReadInt64BigEndian(plaintext.AsSpan(8));
        Finding.UnlessEqual(ticks, entry.ObtainedAt.UtcTicks, "time");
        Finding.UnlessEqual(maximumAge < 0 ? null : maximumAge, entry.ServerMaximumAge?.Ticks, "max-age");
        Finding.UnlessEqual(feeds, entry.Stamp.Positions.Count, "feeds");
        Finding.Unless(entry.Body.Span.SequenceEqual(plaintext.AsSpan(start)), "body");
        CheckResponse(input, entry);
    }

    /// <summary>The response inside is read like one from the server, and none is used for longer than it is valid.</summary>
    private void CheckResponse(byte[] input, SharedEntry entry)
    {
        DateTimeOffset obtainedAt = entry.ObtainedAt < Now ? entry.ObtainedAt : Now;
        byte[] body = entry.Body.ToArray();
        BodyReading reading = Measure(input, () => IntrospectionResponseReader.Read(body, obtainedAt));
        ResponseComparison.Check(body, reading, obtainedAt);
        if (reading.Response is not { } response)
            return;

        var cached = new CacheEntry(default, IntrospectionResult.Active(response, obtainedAt, entry.ServerMaximumAge));
        Finding.Unless(!(Freshness.UsableUntil(cached, s_cache) > response.ExpiresAt), "it is used past its exp (K2)");
    }
}

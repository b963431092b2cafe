using System.Buffers.Binary;
using System.Text;

namespace IntrospectionAuth.SharedCache;

/// <summary>A response as the engine keeps it: encrypted, with the time and the position in the feeds at which it was requested.</summary>
/// <remarks>
/// The encrypted bytes are, each number in big-endian order: when the authorization server was asked (ticks, 8), its <c>max-age</c> (ticks,
/// 8; -1 for none), the number of feeds (1), for each feed the secret's id and the position (8 + 8), then the response as the server sent
/// it. The associated data are the version and the engine's key. Recorded entries of each version are in the tests.
/// </remarks>
internal sealed class SharedEntry
{
    /// <summary>Longer responses are not shared.</summary>
    public const int MaximumLength = 64 * 1024;

    private const int FixedLength = 8 + 8 + 1;
    private const int FeedLength = 8 + 8;

    public required DateTimeOffset ObtainedAt { get; init; }

    public TimeSpan? ServerMaximumAge { get; init; }

    public required FeedStamp Stamp { get; init; }

    /// <summary>The response: JSON in UTF-8.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    public byte[] Seal(FleetSecret secret, string engineKey, string token)
    {
        byte[] plaintext = new byte[FixedLength + (FeedLength * Stamp.Positions.Count) + Body.Length];
        Span<byte> rest = plaintext;
        WriteInt64(ref rest, ObtainedAt.UtcTicks);
        WriteInt64(ref rest, ServerMaximumAge?.Ticks ?? -1);
        rest[0] = (byte)Stamp.Positions.Count;
        rest = rest[1..];
        foreach ((long id, long position) in Stamp.Positions)
        {
            WriteInt64(ref rest, id);
            WriteInt64(ref rest, position);
        }

        Body.Span.CopyTo(rest);
        return secret.EntryOf(token).Seal(plaintext, Encoding.ASCII.GetBytes(engineKey));
    }

    /// <returns>The entry; null when it was not written by a node of this fleet for this key and token.</returns>
    public static SharedEntry? Open(byte[] value, FleetSecret secret, string engineKey, string token)
    {
        bool isOpened = secret.EntryOf(token).TryOpen(value, Encoding.ASCII.GetBytes(engineKey), out byte[]? opened);
        if (!isOpened || opened!.Length < FixedLength)
            return null;

        ReadOnlySpan<byte> rest = opened;
        long obtainedAt = ReadInt64(ref rest);
        long maximumAge = ReadInt64(ref rest);
        int feeds = rest[0];
        rest = rest[1..];
        bool isValid = obtainedAt > 0 && obtainedAt <= DateTimeOffset.MaxValue.UtcTicks && rest.Length >= feeds * FeedLength;
        if (!isValid)
            return null;

        var positions = new (long, long)[feeds];
        for (int i = 0; i < feeds; i++)
            positions[i] = (ReadInt64(ref rest), ReadInt64(ref rest));

        return new()
        {
            ObtainedAt = new(obtainedAt, TimeSpan.Zero),
            ServerMaximumAge = maximumAge < 0 ? null : new TimeSpan(maximumAge),
            Stamp = new(positions),
            Body = opened.AsMemory(opened.Length - rest.Length),
        };
    }

    private static void WriteInt64(ref Span<byte> rest, long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(rest, value);
        rest = rest[8..];
    }

    private static long ReadInt64(ref ReadOnlySpan<byte> rest)
    {
        long value = BinaryPrimitives.ReadInt64BigEndian(rest);
        rest = rest[8..];
        return value;
    }
}

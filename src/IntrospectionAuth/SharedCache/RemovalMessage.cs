using System.Buffers.Binary;
using System.Text;
using IntrospectionAuth.Removals;

namespace IntrospectionAuth.SharedCache;

/// <summary>Removals as a message of the feed, encrypted.</summary>
/// <remarks>The encrypted bytes are, for each removal: its kind (1), the length of its value (2, big-endian), its value.</remarks>
internal static class RemovalMessage
{
    /// <summary>A longer value is neither an accepted token nor a useful identifier. Its removal becomes one of everything.</summary>
    private const int MaximumValueLength = ushort.MaxValue;

    public static byte[] Seal(IEnumerable<Removal> removals, FleetSecret secret)
    {
        using var plaintext = new MemoryStream();
        Span<byte> length = stackalloc byte[2];
        foreach (Removal removal in removals)
        {
            byte[] value = Encoding.UTF8.GetBytes(removal.Value);
            bool isTooLong = value.Length > MaximumValueLength;
            plaintext.WriteByte((byte)(isTooLong ? RemovalKind.Everything : removal.Kind));
            BinaryPrimitives.WriteUInt16BigEndian(length, isTooLong ? (ushort)0 : (ushort)value.Length);
            plaintext.Write(length);
            plaintext.Write(isTooLong ? [] : value);
        }

        return secret.Feed.Seal(plaintext.ToArray(), Encoding.ASCII.GetBytes(secret.FeedName));
    }

    /// <returns>
    /// The removals. A kind that is not known, from a later release, removes everything. Null when no node of this fleet wrote the message.
    /// </returns>
    public static IReadOnlyList<Removal>? Open(byte[] message, FleetSecret secret)
    {
        if (!secret.Feed.TryOpen(message, Encoding.ASCII.GetBytes(secret.FeedName), out byte[]? plaintext))
            return IsOtherVersion(message) ? [Removal.Everything] : null;

        var removals = new List<Removal>();
        ReadOnlySpan<byte> rest = plaintext;
        while (rest.Length >= 3)
        {
            var kind = (RemovalKind)rest[0];
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
            rest = rest[3..];
            if (length > rest.Length)
                return [Removal.Everything];

            removals.Add(Enum.IsDefined(kind) ? Removal.Of(kind, Encoding.UTF8.GetString(rest[..length])) : Removal.Everything);
            rest = rest[length..];
        }

        return rest.IsEmpty ? removals : [Removal.Everything];
    }

    /// <summary>A message of a later release cannot be read. It is at least a removal.</summary>
    private static bool IsOtherVersion(byte[] message) => message.Length > 0 && message[0] != SealedBox.Version;
}

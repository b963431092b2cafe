using System.Text;
using IntrospectionAuth.Fuzzing.Plain;
using IntrospectionAuth.Removals;
using IntrospectionAuth.SharedCache;

namespace IntrospectionAuth.Fuzzing.Targets;

/// <summary>A message of the feed of removals: after a P as its plaintext, otherwise as the engine returns it.</summary>
internal sealed class RemovalTarget : FuzzTarget
{
    private const byte Version = 1;
    private const int KindCount = 8;

    private static readonly FleetSecret s_fleet = new(PlainBox.Secret);
    private static readonly byte[] s_key = PlainBox.KeyOf("feed");

    public override string Name => "removal";

    public override string Purpose => "a message of the feed of removals, encrypted or as its plaintext";

    public override IReadOnlyList<string> Words { get; } =
    ["P", "\u0001\u0000\u0001a", "\u0002\u0000\u0003sub", "\u0007\u0000\u0000", "\u0000\u0000\u0000"];

    public override void Run(byte[] input)
    {
        byte[] rest = input.Length == 0 ? [] : input[1..];
        byte[] message = input is [(byte)'P', ..] ? s_fleet.Feed.Seal(rest, Encoding.ASCII.GetBytes(s_fleet.FeedName)) : rest;
        IReadOnlyList<Removal>? removals = Measure(input, () => RemovalMessage.Open(message, s_fleet));

        // What no node of the fleet wrote is no message, except that of another version: at least a removal, so everything is removed.
        (byte Kind, string Value)[]? expected =
            PlainBox.Open(message, s_key, s_fleet.FeedName) is { } plaintext ? ReadPlainly(plaintext)
            : message.Length > 0 && message[0] != Version ? [(0, "")]
            : null;
        Finding.UnlessEqual(expected is not null, removals is not null, "readable");
        Finding.Unless(
            expected is null || expected.SequenceEqual(removals!.Select(static it => ((byte)it.Kind, it.Value))),
            "the removals differ"
        );
    }

    /// <summary>A message that is cut off, or a kind that is not known, removes everything: never less than what was meant.</summary>
    private static (byte Kind, string Value)[] ReadPlainly(byte[] plaintext)
    {
        var all = new List<(byte, string)>();
        int at = 0;
        while (at < plaintext.Length)
        {
            if (plaintext.Length - at < 3)
                return [(0, "")];
            int length = (plaintext[at + 1] * 256) + plaintext[at + 2];
            if (at + 3 + length > plaintext.Length)
                return [(0, "")];

            byte kind = plaintext[at];
            string value = Encoding.UTF8.GetString(plaintext, at + 3, length);
            all.Add(kind < KindCount ? (kind, value) : ((byte)0, ""));
            at += 3 + length;
        }

        return [.. all];
    }
}

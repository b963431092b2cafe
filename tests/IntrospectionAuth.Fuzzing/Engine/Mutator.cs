using System.Text;

namespace IntrospectionAuth.Fuzzing.Engine;

/// <summary>
/// Changes inputs: bytes as in AFL, and tokens of JSON, so that a changed input often stays JSON and reaches the rules behind the parser.
/// </summary>
internal sealed class Mutator(Random random, IReadOnlyList<string> words, int maximumLength)
{
    private static readonly string[] s_values =
    [
        "null",
        "true",
        "false",
        "0",
        "-1",
        "1e999",
        "-0.0",
        "1767225600",
        "9999999999999",
        "1767225600.5",
        "\"1767225600\"",
        "\"\"",
        "\"a\"",
        "\"\\ud800\"",
        "\"\\u0000\"",
        "[]",
        "{}",
        "[null]",
        "[\"a\",\"b\"]",
        "{\"a\":1}",
        "[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]",
        "\uFEFF",
        "\u00E9",
        ",",
        ":",
        "\\",
        "\"",
    ];

    private readonly byte[][] _words = [.. words.Concat(s_values).Select(Encoding.UTF8.GetBytes)];

    /// <summary>Changes an input in one to eight places.</summary>
    /// <param name="input">The input, which stays as it is.</param>
    /// <param name="other">Another input, whose parts may be taken.</param>
    public byte[] Change(byte[] input, byte[] other)
    {
        var bytes = new List<byte>(input);
        for (int rounds = 1 << random.Next(4); rounds > 0; rounds--)
            ChangeOnce(bytes, other);

        if (bytes.Count > maximumLength)
            bytes.RemoveRange(maximumLength, bytes.Count - maximumLength);
        return [.. bytes];
    }

    private void ChangeOnce(List<byte> bytes, byte[] other)
    {
        int at = random.Next(bytes.Count + 1);
        int length = Math.Min(random.Next(1, 1 << random.Next(1, 7)), bytes.Count - at);
        switch (random.Next(12))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4:
                bytes.InsertRange(at, Word());
                break;
            case 5:
                bytes.RemoveRange(at, length);
                bytes.InsertRange(at, Word());
                break;
            case 6:
                bytes.InsertRange(at, PartOf(other));
                break;
            case 7:
                Repeat(bytes, at, length);
                break;
            case 8:
                ReplaceValue(bytes, Word());
                break;
            case 9:
                ReplaceValue(bytes, ValueOf(other));
                break;
            case 10:
                InsertMember(bytes, other);
                break;
            default:
                RemoveMember(bytes);
                break;
        }
    }

    private byte[] Word() => _words[random.Next(_words.Length)];

    private byte[] PartOf(byte[] other)
    {
        int start = random.Next(other.Length + 1);
        return other[start..(start + random.Next(other.Length - start + 1))];
    }

    private void Repeat(List<byte> bytes, int at, int length)
    {
        List<byte> part = bytes.GetRange(at, Math.Min(length, 8));
        for (int times = random.Next(1, 40); times > 0 && bytes.Count < maximumLength; times--)
            bytes.InsertRange(at, part);
    }

    private void ReplaceValue(List<byte> bytes, byte[] value)
    {
        if (JsonTokens.FindValue([.. bytes], random) is not { } range)
            return;
        bytes.RemoveRange(range.Start, range.Length);
        bytes.InsertRange(range.Start, value);
    }

    private byte[] ValueOf(byte[] other) =>
        JsonTokens.FindValue(other, random) is { } range ? other[range.Start..(range.Start + range.Length)] : Word();

    /// <summary>Adds a member, in most cases one that another input has, where an object begins or another member ends.</summary>
    private void InsertMember(List<byte> bytes, byte[] other)
    {
        byte[] json = [.. bytes];
        if (JsonTokens.FindMember(random.Next(2) == 0 ? other : json, random) is not { } member)
            return;
        if (JsonTokens.FindMember(json, random) is not { } place)
            return;

        byte[] source = member.IsIn(other) ? other : json;
        bytes.InsertRange(place.Start, [.. source[member.Start..(member.Start + member.Length)], (byte)',']);
    }

    private void RemoveMember(List<byte> bytes)
    {
        if (JsonTokens.FindMember([.. bytes], random) is not { } member)
            return;

        bool hasComma = member.Start + member.Length < bytes.Count && bytes[member.Start + member.Length] == ',';
        bytes.RemoveRange(member.Start, member.Length + (hasComma ? 1 : 0));
    }
}

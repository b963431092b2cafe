using System.Text.Json;
using IntrospectionAuth.Discovery;
using IntrospectionAuth.Fuzzing.Plain;
using IntrospectionAuth.Jose;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Fuzzing.Targets;

/// <summary>A JWK set, and each key in it.</summary>
internal sealed class KeySetTarget : FuzzTarget
{
    private const int MaximumDepth = 16;
    private const int MostEntries = 1000;

    public override string Name => "key-set";

    public override string Purpose => "the keys of an authorization server (RFC 7517)";

    public override IReadOnlyList<string> Words { get; } =
    [
        "\"keys\":[",
        "\"kty\":\"RSA\"",
        "\"kty\":\"EC\"",
        "\"kty\":\"oct\"",
        "\"crv\":\"P-256\"",
        "\"crv\":\"P-384\"",
        "\"crv\":\"P-521\"",
        "\"use\":\"sig\"",
        "\"use\":\"enc\"",
        "\"key_ops\":[\"verify\"]",
        "\"key_ops\":[]",
        "\"oth\":[]",
        "\"kid\":\"1\"",
        "\"alg\":\"ES256\"",
        "\"alg\":\"RS256\"",
        "\"alg\":\"PS512\"",
        "\"alg\":\"none\"",
        "\"alg\":\"HS256\"",
        "\"e\":\"AQAB\"",
        "\"e\":\"AQ\"",
        "\"d\":null",
        "\"d\":\"AA\"",
        "\"k\":\"AA\"",
        "\"n\":",
        "\"x\":",
        "\"y\":",
        "\"x5c\":[]",
    ];

    /// <summary>An import of a key is arithmetic of large numbers, as long as the key's text or shorter.</summary>
    protected override (int Fixed, int PerByte) Time => (10_000, 100);

    public override void Run(byte[] input)
    {
        Reading<KeySet> reading = Measure(input, () => KeySetReader.Read(input));

        PlainKey?[] keys = ReadKeys(input, out PlainValue[] values);
        bool hasKeys = keys.Any(static it => it is not null);
        Finding.Unless(reading.Value is null != reading.Fault is null, "neither keys nor a reason");

        // Stricter on purpose: a name or a text that is not Unicode may make the whole set unusable.
        if (Array.TrueForAll(values, static it => it.IsUnicode) || reading.Value is not null)
            Finding.UnlessEqual(hasKeys, reading.Value is not null, "usable");
        for (int i = 0; i < keys.Length; i++)
        {
            if (values[i].IsUnicode)
                CheckKey(keys[i], values[i].Raw);
        }
    }

    /// <returns>The keys, null where one is passed over.</returns>
    private static PlainKey?[] ReadKeys(byte[] input, out PlainValue[] values)
    {
        values = [];
        if (PlainJson.Parse(PlainJson.WithoutMark(input), MaximumDepth) is not { Kind: PlainKind.Object } root)
            return [];

        // Every object, because a member that occurs twice is one key for this reader and another for the next one.
        if (root.HasMemberTwiceAnywhere || root.Get("keys") is not { Kind: PlainKind.Array } list)
            return [];

        values = [.. list.Items.Take(MostEntries)]; // an input is too short for more keys than the library accepts
        return [.. values.Select(PlainKey.Read)];
    }

    private static void CheckKey(PlainKey? expected, string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        using JoseKey? key = JsonWebKeyReader.IsPublic(document.RootElement) ? JsonWebKeyReader.Read(document.RootElement, out _) : null;

        Finding.UnlessEqual(expected is not null, key is not null, "key accepted");
        if (key is null || expected is null)
            return;

        Finding.UnlessEqual(expected.Id, key.KeyId, "kid");
        Finding.UnlessEqual(expected.Thumbprint, key.Thumbprint, "thumbprint");
        Finding.Unless(!key.IsPrivate, "the key is private");
        Finding.Unless(expected.Algorithms.SequenceEqual(key.Algorithms.Select(static it => it.Name)), "algorithms");
    }
}

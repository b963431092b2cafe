using System.Globalization;
using System.Text.Json;
using IntrospectionAuth.Jose;
using IntrospectionAuth.Json;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Discovery;

/// <summary>
/// Reads a JWK set (RFC 7517, section 5). As that section requires, keys that are unknown or cannot verify are passed over.
/// </summary>
internal static class KeySetReader
{
    private const int MaximumDepth = 16;
    private const int MostEntries = 1000;
    private const int MostKeys = 100;
    private const int MostFaults = 5;

    public static Reading<KeySet> Read(ReadOnlyMemory<byte> json) => StrictJson.Read(json, MaximumDepth, ReadSet);

    private static Reading<KeySet> ReadSet(JsonElement document)
    {
        if (!document.TryGetProperty("keys", out JsonElement list) || list.ValueKind != JsonValueKind.Array)
            return Reading<KeySet>.Unusable("it is not a JWK set");

        var keys = new List<JoseKey>();
        var faults = new List<string>();
        foreach ((int index, JsonElement jwk) in list.EnumerateArray().Take(MostEntries).Index())
        {
            if (keys.Count == MostKeys)
                break;
            if (ReadKey(jwk, out string? fault) is { } key)
                keys.Add(key);
            else if (faults.Count < MostFaults)
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"key {index + 1} {fault}"));
        }

        string passedOver = faults.Count > 0 ? $" (passed over: {string.Join(", ", faults)})" : "";
        return keys.Count > 0
            ? Reading<KeySet>.Of(new KeySet(keys, passedOver))
            : Reading<KeySet>.Unusable($"it has no key that verifies a signature{passedOver}");
    }

    /// <summary>
    /// A shared secret verifies nothing here, and a published private key is compromised: neither is imported.
    /// </summary>
    private static JoseKey? ReadKey(JsonElement jwk, out string? fault)
    {
        fault = "is a shared secret, or has a private member";
        return jwk.ValueKind != JsonValueKind.Object || JsonWebKeyReader.IsPublic(jwk) ? JsonWebKeyReader.Read(jwk, out fault) : null;
    }
}

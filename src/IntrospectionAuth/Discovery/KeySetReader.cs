using System.Globalization;
using System.Text;
using System.Text.Json;
using IntrospectionAuth.Jose;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Discovery;

/// <summary>Reads a JWK set (RFC 7517, section 5). Keys that are not understood, or that cannot verify, are passed over, as that section asks.</summary>
internal static class KeySetReader
{
    private const int MostKeys = 100;
    private const int MostFaults = 5;

    private static readonly JsonDocumentOptions s_json = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    public static Reading<KeySet> Read(ReadOnlyMemory<byte> json)
    {
        // RFC 8259, section 8.1: a reader may ignore a byte order mark.
        if (json.Span.StartsWith(Encoding.UTF8.Preamble))
            json = json[Encoding.UTF8.Preamble.Length..];

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, s_json);
            return Read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The exception is dropped: its message may name members of the document.
            return Reading<KeySet>.Unusable("it is not JSON, has a member twice, or is nested too deeply");
        }
    }

    private static Reading<KeySet> Read(JsonElement document)
    {
        if (
            document.ValueKind != JsonValueKind.Object
            || !document.TryGetProperty("keys", out JsonElement list)
            || list.ValueKind != JsonValueKind.Array
        )
        {
            return Reading<KeySet>.Unusable("it is not a JWK set");
        }

        var keys = new List<JoseKey>();
        var faults = new List<string>();
        foreach ((int index, JsonElement jwk) in list.EnumerateArray().Index())
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
    /// A shared secret verifies nothing here, and a private key that is published is nobody's any more: neither is imported.
    /// </summary>
    private static JoseKey? ReadKey(JsonElement jwk, out string? fault)
    {
        fault = "is a shared secret, or has a private member";
        return jwk.ValueKind != JsonValueKind.Object || JsonWebKeyReader.IsPublic(jwk) ? JsonWebKeyReader.Read(jwk, out fault) : null;
    }
}

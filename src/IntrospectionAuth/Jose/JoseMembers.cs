using System.Text.Json;
using IntrospectionAuth.Json;

namespace IntrospectionAuth.Jose;

/// <summary>Reads single members of a JWK, a header or a set of claims.</summary>
internal static class JoseMembers
{
    public static byte[]? Bytes(this JsonElement json, string name) => Base64UrlText.Decode(json.ReadString(name) ?? "=");

    /// <summary>Whether the member is present. A null or an empty list counts as absent: some serializers write every member.</summary>
    public static bool Has(this JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value)
        && value.ValueKind != JsonValueKind.Null
        && !(name is "key_ops" or "oth" && IsEmptyList(value));

    private static bool IsEmptyList(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0;

    /// <summary>
    /// A number (RFC 7518, section 2: Base64urlUInt). Leading zeros are dropped: the RFC forbids them, but encoders that write a sign byte
    /// or a fixed length send them.
    /// </summary>
    public static byte[]? Number(this JsonElement json, string name)
    {
        ReadOnlySpan<byte> number = json.Bytes(name).AsSpan().TrimStart((byte)0);
        return number.IsEmpty ? null : number.ToArray();
    }
}

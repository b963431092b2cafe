using System.Buffers;
using System.Text.Json;

namespace IntrospectionAuth.ResourceMetadata;

/// <summary>Writes the metadata of one resource (RFC 9728, section 3.2), combined from all schemes that protect it.</summary>
internal static class MetadataWriter
{
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<OAuthIntrospectionOptions> schemes, IEnumerable<string> collectedScopes)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString(MetadataNames.Resource, schemes[0].Resource);
        WriteArray(json, MetadataNames.AuthorizationServers, schemes.SelectMany(AuthorizationServers));
        WriteArray(
            json,
            MetadataNames.ScopesSupported,
            schemes.SelectMany(static scheme => scheme.ResourceMetadata.ScopesSupported).SelectMany(Split).Concat(collectedScopes)
        );
        WriteArray(json, MetadataNames.BearerMethodsSupported, schemes.SelectMany(BearerMethods));
        WriteArray(
            json,
            MetadataNames.DPoPAlgorithms,
            schemes
                .Where(static scheme => scheme.RequireDPoP || scheme.DPoP.Offer)
                .SelectMany(static scheme => scheme.DPoP.AcceptedAlgorithms)
        );
        if (schemes.All(static scheme => scheme.RequireDPoP))
            json.WriteBoolean(MetadataNames.DPoPRequired, true);
        WriteFirst(json, MetadataNames.ResourceName, schemes.Select(static scheme => scheme.ResourceMetadata.ResourceName));
        WriteFirst(
            json,
            MetadataNames.ResourceDocumentation,
            schemes.Select(static scheme => scheme.ResourceMetadata.ResourceDocumentation)
        );
        foreach (
            IGrouping<string, string> member in schemes
                .SelectMany(static scheme => scheme.ResourceMetadata.Members)
                .GroupBy(static member => member.Key, static member => member.Value, StringComparer.Ordinal)
        )
        {
            json.WriteString(member.Key, member.First());
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static IEnumerable<string> AuthorizationServers(OAuthIntrospectionOptions scheme) =>
        scheme.ResourceMetadata.AuthorizationServers.Count > 0 ? scheme.ResourceMetadata.AuthorizationServers
        : string.IsNullOrWhiteSpace(scheme.Authority) ? []
        : [scheme.Authority];

    /// <summary>
    /// Where a scheme reads a token (RFC 6750, section 2). The query is omitted: only some paths read it, for clients that cannot set a
    /// header.
    /// </summary>
    private static string[] BearerMethods(OAuthIntrospectionOptions scheme) =>
        scheme.TokenRetrieval.FormBody ? ["header", "body"] : ["header"];

    private static string[] Split(string scopes) => scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Section 3.2: an array without elements is omitted.</summary>
    private static void WriteArray(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        string[] distinct = [.. values.Distinct(StringComparer.Ordinal)];
        if (distinct.Length == 0)
            return;

        json.WriteStartArray(name);
        foreach (string value in distinct)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void WriteFirst(Utf8JsonWriter json, string name, IEnumerable<string?> values)
    {
        if (values.FirstOrDefault(static value => value is not null) is { } value)
            json.WriteString(name, value);
    }
}

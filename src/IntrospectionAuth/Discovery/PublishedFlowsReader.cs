using System.Text.Json;
using IntrospectionAuth.Json;

namespace IntrospectionAuth.Discovery;

/// <summary>Reads the members of metadata that say how clients obtain tokens. None of them makes discovery fail.</summary>
internal static class PublishedFlowsReader
{
    private const int MostValues = 1000;

    // RFC 8414, section 2: what a server without grant_types_supported has.
    private static readonly string[] s_defaultGrantTypes = ["authorization_code", "implicit"];

    /// <param name="document">The metadata.</param>
    /// <param name="isAcceptable">Whether an endpoint has an acceptable URL.</param>
    public static PublishedFlows Read(JsonElement document, Func<string, bool> isAcceptable) =>
        new()
        {
            AuthorizationEndpoint =
                document.ReadUnicode("authorization_endpoint") is { } endpoint && isAcceptable(endpoint) ? new Uri(endpoint) : null,
            GrantTypes = ReadList(document, "grant_types_supported") ?? s_defaultGrantTypes,
            Scopes = ReadList(document, "scopes_supported") ?? [],
            CodeChallengeMethods = ReadList(document, "code_challenge_methods_supported") ?? [],
        };

    /// <returns>The strings of a list; null when the member is absent or not a list.</returns>
    private static string[]? ReadList(JsonElement document, string name) =>
        document.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Take(MostValues).Select(StrictJson.ReadUnicode).OfType<string>().Distinct(StringComparer.Ordinal)]
            : null;
}

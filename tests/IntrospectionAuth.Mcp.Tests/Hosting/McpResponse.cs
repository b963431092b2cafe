using System.Text.Json.Nodes;

namespace IntrospectionAuth.Mcp.Tests.Hosting;

/// <summary>A response of the MCP server.</summary>
internal sealed record McpResponse(int Status, string? Challenge, string? RetryAfter, string? Session, string Body)
{
    /// <summary>The message in the body, which is an event or JSON.</summary>
    public JsonNode Message =>
        JsonNode.Parse(Body.Split('\n').LastOrDefault(line => line.StartsWith("data: {", StringComparison.Ordinal))?[6..] ?? Body)!;

    /// <summary>The text that a tool returned.</summary>
    public string? Text => Message["result"]?["content"]?[0]?["text"]?.GetValue<string>();

    public int? ErrorCode => Message["error"]?["code"]?.GetValue<int>();

    public static async Task<McpResponse> ReadAsync(HttpResponseMessage response) =>
        new(
            (int)response.StatusCode,
            Header(response, "WWW-Authenticate"),
            Header(response, "Retry-After"),
            Header(response, "Mcp-Session-Id"),
            await response.Content.ReadAsStringAsync()
        );

    /// <summary>The names in a list.</summary>
    public string[] Names(string list) => [.. Message["result"]![list]!.AsArray().Select(item => item!["name"]!.GetValue<string>())];

    public override string ToString() => $"{Status} {Challenge} {Body}";

    public void AssertLacks(string scopes) =>
        Assert.Equal(
            (
                403,
                "Bearer error=\"insufficient_scope\", error_description=\"The access token lacks a required scope.\", "
                    + $"scope=\"{scopes}\", resource_metadata=\"{McpApi.Metadata}\""
            ),
            (Status, Challenge)
        );

    public void AssertRan(string text)
    {
        Assert.True(Status == 200, $"{Status} {Challenge} {Body}");
        Assert.Equal(text, Text);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? string.Join(" | ", values) : null;
}

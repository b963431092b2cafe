using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntrospectionAuth;

namespace Example;

/// <summary>For a server that sends no "active": 200 describes a valid token, 400 with "invalid_token" an invalid one.</summary>
public static class CheckTokenAdapter
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    public static Task AdaptAsync(ResponseReceivedContext context)
    {
        JsonObject? response = Read(context.Body);
        if (
            context.StatusCode == 200
            && response?["client_id"] is JsonValue
            && !response.ContainsKey("error")
            && !response.ContainsKey("active")
        )
        {
            response["active"] = true;
            context.Body = Encoding.UTF8.GetBytes(response.ToJsonString());
        }
        else if (
            context.StatusCode == 400
            && response?["error"] is JsonValue error
            && error.TryGetValue(out string? code)
            && code == "invalid_token"
        )
        {
            context.StatusCode = 200;
            context.Body = "{\"active\":false}"u8.ToArray();
        }

        return Task.CompletedTask;
    }

    private static JsonObject? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonNode.Parse(body.Span, documentOptions: s_strict) as JsonObject;
        }
        catch (JsonException)
        {
            return null; // the response stays unchanged, so callers get 503
        }
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntrospectionAuth;

namespace Example;

/// <summary>For a server that writes dates as text, or "exp": 0 for "never".</summary>
public static class DateAdapter
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    public static Task AdaptAsync(ResponseReceivedContext context)
    {
        if (context.StatusCode != 200 || Read(context.Body) is not { } response)
            return Task.CompletedTask;

        if (response["exp"] is JsonValue exp && exp.TryGetValue(out long seconds) && seconds == 0)
            response.Remove("exp"); // the response is cached for Cache.DefaultAge

        foreach (string name in (string[])["exp", "nbf", "iat"])
        {
            if (
                response[name] is JsonValue value
                && value.TryGetValue(out string? text)
                && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date)
            )
            {
                response[name] = date.ToUnixTimeSeconds();
            }
        }

        context.Body = Encoding.UTF8.GetBytes(response.ToJsonString());
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

using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Json;

/// <summary>Reads JSON that decides whether a token is accepted: no member may occur twice, and no string may be ambiguous.</summary>
internal static class StrictJson
{
    /// <exception cref="JsonException">It is not JSON in UTF-8, has a member twice, or is nested too deeply.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json, int maximumDepth) =>
        Utf8.IsValid(json.Span) // The parser checks only the strings that are read.
            ? JsonDocument.Parse(json, OptionsOf(maximumDepth))
            : throw new JsonException();

    /// <inheritdoc cref="Parse(ReadOnlyMemory{byte}, int)"/>
    public static JsonDocument Parse(string json, int maximumDepth) => JsonDocument.Parse(json, OptionsOf(maximumDepth));

    /// <summary>Reads the body of a response.</summary>
    public static Reading<T> Read<T>(ReadOnlyMemory<byte> body, int maximumDepth, Func<JsonElement, Reading<T>> read)
    {
        body = body[^WithoutByteOrderMark(body.Span).Length..];
        if (!Utf8.IsValid(body.Span))
            return Reading<T>.Unusable("it is not UTF-8");

        try
        {
            using JsonDocument document = Parse(body, maximumDepth);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? read(document.RootElement)
                : Reading<T>.Unusable("it is not a JSON object");
        }
        catch (JsonException)
        {
            // The exception is dropped: its message may name members of the response.
            return Reading<T>.Unusable("it is not JSON, has a member twice, or is nested too deeply");
        }
        catch (InvalidOperationException)
        {
            return Reading<T>.Unusable("it has a string that is not Unicode"); // an escaped lone surrogate
        }
    }

    /// <summary>RFC 8259, section 8.1: a reader may ignore a byte order mark.</summary>
    public static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> text) =>
        text.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text;

    /// <returns>The member's value; null when it is absent or not a string.</returns>
    public static string? ReadString(this JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Reads a member that may be unacceptable without consequence for the others.</summary>
    /// <returns>The member's value; null when it is absent, or not a string of Unicode characters.</returns>
    public static string? ReadUnicode(this JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) ? ReadUnicode(value) : null;

    /// <returns>The text; null when the value is not a string of Unicode characters.</returns>
    public static string? ReadUnicode(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // an escaped lone surrogate
        }
    }

    private static JsonDocumentOptions OptionsOf(int maximumDepth) => new() { AllowDuplicateProperties = false, MaxDepth = maximumDepth };
}

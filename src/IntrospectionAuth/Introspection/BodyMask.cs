using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using IntrospectionAuth.Http;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Introspection;

/// <summary>Makes the body of a response fit to be shown to a developer: without tokens, secrets, passwords and private keys.</summary>
internal static partial class BodyMask
{
    public const string Masked = "(masked)";

    private const int LongestText = 2048; // of a body that is not JSON

    // Indents and escapes can make JSON many times longer, and the page keeps hundreds of bodies.
    private const int LongestJson = 32 * 1024;

    /// <param name="body">The body, or its beginning.</param>
    /// <param name="isWhole">Whether the body is complete.</param>
    /// <param name="secrets">What the request contained: the token and the credentials of this API.</param>
    public static string Apply(ReadOnlyMemory<byte> body, bool isWhole, IReadOnlyList<string?> secrets)
    {
        string[] known = Spellings(secrets);
        return (isWhole ? ApplyToJson(body, known) : null) ?? ApplyToText(body, known);
    }

    /// <summary>A header of a response: printable ASCII, and masked as a whole if it repeats a part of a secret.</summary>
    public static string ApplyToHeader(string value, IReadOnlyList<string?> secrets)
    {
        const int LongestCompared = 2 * LogText.MaximumLength; // nothing after that is shown
        string masked = MaskInText(value.Length > LongestCompared ? value[..LongestCompared] : value, Spellings(secrets));
        return masked.Length > 0 && RepeatedSecret.IsIn(masked, [.. secrets]) ? Masked : LogText.Escape(masked);
    }

    private static string? ApplyToJson(ReadOnlyMemory<byte> body, string[] secrets)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            string indented = Write(document.RootElement, secrets, isIndented: true);
            return indented.Length <= LongestJson ? indented : Cut(Write(document.RootElement, secrets, isIndented: false), LongestJson);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return null; // not JSON, or text that is not Unicode
        }
    }

    private static string Write(JsonElement value, string[] secrets, bool isIndented)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = isIndented });
        Write(json, value, secrets);
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, JsonElement value, string[] secrets)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(json, value, secrets);
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (JsonElement element in value.EnumerateArray())
                    Write(json, element, secrets);
                json.WriteEndArray();
                break;
            case JsonValueKind.String:
                json.WriteStringValue(MaskIn(value.GetString()!, secrets));
                break;
            default:
                json.WriteRawValue(MaskIn(value.GetRawText(), secrets) == value.GetRawText() ? value.GetRawText() : $"\"{Masked}\"");
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter json, JsonElement value, string[] secrets)
    {
        bool isKey = value.TryGetProperty("kty", out _);
        json.WriteStartObject();
        foreach (JsonProperty member in value.EnumerateObject())
        {
            json.WritePropertyName(MaskIn(member.Name, secrets));
            bool isSecret =
                SecretMembers.IsSecret(member.Name)
                || (isKey && JsonWebKeyReader.PrivateMembers.Contains(member.Name, StringComparer.Ordinal));
            if (isSecret && member.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False))
                json.WriteStringValue(Masked);
            else
                Write(json, member.Value, secrets);
        }

        json.WriteEndObject();
    }

    /// <summary>A body that is not JSON: escaped, and cut after it was masked.</summary>
    private static string ApplyToText(ReadOnlyMemory<byte> body, string[] secrets)
    {
        string masked = MaskInText(Encoding.UTF8.GetString(body.Span), secrets);
        var text = new StringBuilder();
        foreach (char character in masked.AsSpan(0, Math.Min(masked.Length, LongestText)))
        {
            if (character == '\n' || IsVisible(character))
                text.Append(character);
            else if (character != '\r')
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
        }

        return masked.Length > LongestText ? text.Append("...").ToString() : text.ToString();
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length] + "...";

    /// <summary>Not a control, nor a character that changes the direction of the text around it.</summary>
    private static bool IsVisible(char character) =>
        char.GetUnicodeCategory(character)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
            );

    private static string MaskInText(string text, string[] secrets) => SecretMembers.MaskIn(MaskIn(text, secrets), Masked);

    /// <summary>Masks the secrets in a text, long parts of them, private keys in PEM, and everything that looks like a JWT.</summary>
    private static string MaskIn(string text, string[] secrets)
    {
        foreach (string secret in secrets)
            text = text.Replace(secret, Masked, StringComparison.OrdinalIgnoreCase);
        text = PrivateKey().Replace(text, Masked);
        text = JwtCharacters().Replace(text, static match => match.ValueSpan.Count('.') >= 2 ? Masked : match.Value);
        return Word().Replace(text, match => IsPart(match.Value, secrets) ? Masked : match.Value);
    }

    /// <summary>Whether a word is a part of a secret: a server may repeat the beginning of a token.</summary>
    /// <remarks>
    /// <see cref="RepeatedSecret"/> does not serve here: it rejects a text as a whole, and compares each part of it, which would cost too
    /// much for a whole body.
    /// </remarks>
    private static bool IsPart(string word, string[] secrets)
    {
        string trimmed = word.Trim('.', '=');
        return trimmed.Length >= 8 && Array.Exists(secrets, secret => secret.Contains(trimmed, StringComparison.OrdinalIgnoreCase));
    }

    private static string[] Spellings(IReadOnlyList<string?> secrets) =>
        [.. secrets.OfType<string>().Where(static it => it.Length > 0).SelectMany(Spellings).Distinct(StringComparer.Ordinal)];

    /// <summary>A secret as it is, and as it is written in a URL, a form, HTML and JSON.</summary>
    private static IEnumerable<string> Spellings(string secret) =>
        [
            secret,
            Uri.EscapeDataString(secret),
            WebUtility.UrlEncode(secret),
            WebUtility.HtmlEncode(secret),
            JavaScriptEncoder.Default.Encode(secret),
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret),
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret).Replace("/", @"\/", StringComparison.Ordinal),
        ];

    [GeneratedRegex(
        "-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END|$)",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex PrivateKey();

    // The dots are counted afterwards, so that each character is read once.
    [GeneratedRegex("eyJ[A-Za-z0-9._-]*", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex JwtCharacters();

    [GeneratedRegex("[A-Za-z0-9._~+/=%-]{8,}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Word();
}

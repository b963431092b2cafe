using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace IntrospectionAuth.Introspection;

/// <summary>Makes the body of a response fit to be shown to a developer: without tokens, secrets, passwords and private keys.</summary>
internal static partial class BodyMask
{
    public const string Masked = "(masked)";

    private const int LongestText = 2048; // of a body that is not JSON

    // Members of a private or symmetric JWK (RFC 7518, section 6).
    private static readonly string[] s_keyMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    /// <param name="body">The body, or its beginning.</param>
    /// <param name="isWhole">Whether the body is complete.</param>
    /// <param name="secrets">What the request contained: the token and the credentials of this API.</param>
    public static string Apply(ReadOnlyMemory<byte> body, bool isWhole, IReadOnlyList<string?> secrets)
    {
        string[] known =
        [
            .. secrets.OfType<string>().Where(static secret => secret.Length > 0).SelectMany(Spellings).Distinct(StringComparer.Ordinal),
        ];
        return (isWhole ? ApplyToJson(body, known) : null) ?? ApplyToText(body, known);
    }

    private static string? ApplyToJson(ReadOnlyMemory<byte> body, string[] secrets)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            var buffer = new ArrayBufferWriter<byte>();
            using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true });
            Write(json, document.RootElement, secrets);
            json.Flush();
            return Encoding.UTF8.GetString(buffer.WrittenSpan);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return null; // not JSON, or text that is not Unicode
        }
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
            bool isSecret = SecretName().IsMatch(member.Name) || (isKey && s_keyMembers.Contains(member.Name, StringComparer.Ordinal));
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
        string masked = MaskIn(Encoding.UTF8.GetString(body.Span), secrets);
        masked = SecretParameter().Replace(masked, static match => match.Groups["name"].Value + Masked);
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

    /// <summary>Masks the secrets in a text, long parts of them, and everything that looks like a JWT.</summary>
    private static string MaskIn(string text, string[] secrets)
    {
        foreach (string secret in secrets)
            text = text.Replace(secret, Masked, StringComparison.OrdinalIgnoreCase);
        text = Jwt().Replace(text, Masked);
        return Word().Replace(text, match => IsPart(match.Value, secrets) ? Masked : match.Value);
    }

    /// <summary>Whether a word is a part of a secret: a server may repeat the beginning of a token.</summary>
    private static bool IsPart(string word, string[] secrets)
    {
        string trimmed = word.Trim('.', '=');
        return trimmed.Length >= 8 && Array.Exists(secrets, secret => secret.Contains(trimmed, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A secret as it is, and as it is written in a URL and in HTML.</summary>
    private static IEnumerable<string> Spellings(string secret) => [secret, Uri.EscapeDataString(secret), WebUtility.HtmlEncode(secret)];

    [GeneratedRegex(
        "(token|secret|password|passphrase|passwd|pwd|assertion|api_?key|private_?key|credentials?|authorization|cookie)$|^(code|pin|otp)$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex SecretName();

    [GeneratedRegex(
        """(?<name>(token|secret|password|passphrase|assertion|api_?key)["']?\s*[=:]\s*["']?)[^\s"'&<,;}]+""",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex SecretParameter();

    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]*(\.[A-Za-z0-9_-]*){2,4}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Jwt();

    [GeneratedRegex("[A-Za-z0-9._~+/=%-]{8,}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Word();
}

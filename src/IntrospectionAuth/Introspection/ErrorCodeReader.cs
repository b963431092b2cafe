using System.Text.Json;

namespace IntrospectionAuth.Introspection;

/// <summary>Reads the <c>error</c> of an OAuth error response (RFC 6749, section 5.2), so that a log can name it.</summary>
internal static class ErrorCodeReader
{
    private const int MaximumBodyLength = 4096;
    private const int MaximumCodeLength = 40;
    private const int TellingLength = 8; // so many characters in common are no coincidence

    /// <returns>The code; null when there is none, when it is not a word such as the RFCs use, or when it repeats a part of a secret.</returns>
    public static async Task<string?> ReadAsync(HttpContent content, IEnumerable<string> secrets, CancellationToken cancellationToken)
    {
        await using Stream stream = await content.ReadAsStreamAsync(cancellationToken);
        byte[] body = new byte[MaximumBodyLength];
        int length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);

        string? code = Read(body.AsSpan(0, length));
        return IsWord(code) && !secrets.Any(secret => Repeats(code!, secret)) ? code : null;
    }

    private static string? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var json = new Utf8JsonReader(body);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                return null;

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                bool isError = json.ValueTextEquals("error");
                json.Read();
                if (isError)
                    return json.TokenType == JsonTokenType.String ? json.GetString() : null;
                json.Skip();
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, cut off, or not Unicode: then there is no code.
        }

        return null;
    }

    private static bool Repeats(string code, string secret)
    {
        if (secret.Contains(code, StringComparison.OrdinalIgnoreCase) || code.Contains(secret, StringComparison.OrdinalIgnoreCase))
            return true;

        for (int start = 0; start + TellingLength <= code.Length; start++)
        {
            if (secret.AsSpan().Contains(code.AsSpan(start, TellingLength), StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static bool IsWord(string? code)
    {
        if (code is null || code.Length > MaximumCodeLength)
            return false;

        foreach (char c in code)
        {
            if (!char.IsAsciiLetterLower(c) && c != '_')
                return false;
        }

        return code.Length > 0;
    }
}

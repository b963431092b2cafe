using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using IntrospectionAuth.Http;

namespace IntrospectionAuth.Responses;

/// <summary>Reads the <c>error</c> of an OAuth error response (RFC 6749, section 5.2), so that a log can name it.</summary>
internal static class ErrorCodeReader
{
    private const int MaximumBodyLength = 4096;
    private const int MaximumCodeLength = 40;

    // RFC 7009, section 2.2.1, whose codes RFC 7662 servers use, too.
    private const string UnsupportedTokenType = "unsupported_token_type";

    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <inheritdoc cref="ReadAsync(HttpContent, int, string?[], CancellationToken)"/>
    public static async Task<ErrorResponse> ReadAsync(ClientAuthenticationContext request, HttpContent content)
    {
        try
        {
            Task<ErrorResponse> reading = ReadAsync(
                content,
                request.Options.MaximumResponseLength,
                request.Secrets,
                request.CancellationToken
            );
            await reading.WithinTimeoutAsync(request.CancellationToken);
            return await reading;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or HttpRequestException)
        {
            return default; // The status suffices.
        }
    }

    /// <returns>
    /// What the response says. There is no code when the body has none, when it is not a word such as the RFCs use, or when it repeats a
    /// part of a secret.
    /// </returns>
    public static async Task<ErrorResponse> ReadAsync(
        HttpContent content,
        int maximumLength,
        string?[] secrets,
        CancellationToken cancellationToken
    )
    {
        await using Stream stream = await content.ReadAsStreamAsync(cancellationToken);
        byte[] body = new byte[MaximumBodyLength + 1];
        int length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);

        string? code = Read(body.AsSpan(0, Math.Min(length, MaximumBodyLength)));
        bool isWhole = length <= Math.Min(MaximumBodyLength, maximumLength);
        return new(
            IsWord(code) && !RepeatedSecret.IsIn(code!, secrets) ? code : null,
            isWhole && ContentType.IsJson(content.Headers) && IsExactly(UnsupportedTokenType, body.AsMemory(0, length))
        );
    }

    /// <summary>
    /// A verdict is read as strictly as any other response: a whole JSON object, with one <c>error</c> that is this string.
    /// </summary>
    private static bool IsExactly(string code, ReadOnlyMemory<byte> body)
    {
        // RFC 8259, section 8.1: a reader may ignore a byte order mark.
        if (body.Span.StartsWith(Encoding.UTF8.Preamble))
            body = body[Encoding.UTF8.Preamble.Length..];
        if (!Utf8.IsValid(body.Span))
            return false;

        try
        {
            using JsonDocument document = JsonDocument.Parse(body, s_strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("error", out JsonElement error)
                && error.ValueKind == JsonValueKind.String
                && error.ValueEquals(code);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false; // not JSON, a member twice, nested too deeply, or not Unicode
        }
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

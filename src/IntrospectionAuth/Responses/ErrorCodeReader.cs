using System.Text.Json;
using IntrospectionAuth.Http;
using IntrospectionAuth.Json;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Responses;

/// <summary>Reads the <c>error</c> of an OAuth error response (RFC 6749, section 5.2): it says what is refused.</summary>
internal static class ErrorCodeReader
{
    private const int MaximumBodyLength = 4096;
    private const int MaximumCodeLength = 40;

    // RFC 7009, section 2.2.1: introspection endpoints use its codes too.
    private const string UnsupportedTokenType = "unsupported_token_type";

    private const int MaximumDepth = 32;

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
    /// The error. Its code is null when the body has none, when it does not have the format of the RFCs, or when it repeats a part of a
    /// secret.
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
            IsStandard(code) || (IsWord(code) && !RepeatedSecret.IsIn(code!, secrets)) ? code : null,
            isWhole && ContentType.IsJson(content.Headers) && IsExactly(UnsupportedTokenType, body.AsMemory(0, length))
        );
    }

    /// <summary>
    /// A verdict is read as strictly as any other response: a whole JSON object, with one <c>error</c> that is this string.
    /// </summary>
    private static bool IsExactly(string code, ReadOnlyMemory<byte> body) =>
        StrictJson.Read(body, MaximumDepth, static document => Reading<string?>.Of(document.ReadString("error"))).Value == code;

    private static string? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var json = new Utf8JsonReader(body);
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                bool isError = json.ValueTextEquals("error");
                json.Read();
                if (isError)
                    return json.GetString(); // null, or throws if it is not a string
                json.Skip();
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, truncated, not a string, or not Unicode: there is no code.
        }

        return null;
    }

    /// <summary>
    /// RFC 6749, section 5.2; RFC 6750, section 3.1; RFC 7009, section 2.2.1. These words tell nothing about a token or a secret that
    /// resembles them, and decide what a response means.
    /// </summary>
    private static bool IsStandard(string? code) =>
        code
            is "invalid_request"
                or "invalid_client"
                or "invalid_grant"
                or "unauthorized_client"
                or "unsupported_grant_type"
                or "invalid_scope"
                or "invalid_token"
                or "insufficient_scope"
                or UnsupportedTokenType;

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

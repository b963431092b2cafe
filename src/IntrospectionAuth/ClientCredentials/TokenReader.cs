using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Tokens;

namespace IntrospectionAuth.ClientCredentials;

/// <summary>Reads a token response (RFC 6749, section 5.1): a bearer token that this API can use, or nothing.</summary>
internal static class TokenReader
{
    /// <summary>How long a token is taken to last whose response does not say it.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(5);

    /// <summary>The longest time for which a token is used, whatever the response says.</summary>
    public static readonly TimeSpan MaximumLifetime = TimeSpan.FromDays(1);

    private const int MaximumTokenLength = 16_384; // servers read no longer headers

    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <param name="body">The body of the response.</param>
    /// <param name="characters">What a token may hold; null: what bearer tokens do.</param>
    public static Reading<(string Token, TimeSpan Lifetime)> Read(ReadOnlyMemory<byte> body, SearchValues<char>? characters = null)
    {
        // RFC 8259, section 8.1: a reader may ignore a byte order mark.
        if (body.Span.StartsWith(Encoding.UTF8.Preamble))
            body = body[Encoding.UTF8.Preamble.Length..];
        if (!Utf8.IsValid(body.Span))
            return Reading<(string Token, TimeSpan Lifetime)>.Unusable("it is not UTF-8");

        try
        {
            using JsonDocument document = JsonDocument.Parse(body, s_strict);
            return Read(document.RootElement, characters);
        }
        catch (JsonException)
        {
            // The exception is dropped: its message may name members of the response.
            return Reading<(string Token, TimeSpan Lifetime)>.Unusable("it is not JSON, has a member twice, or is nested too deeply");
        }
        catch (InvalidOperationException)
        {
            return Reading<(string Token, TimeSpan Lifetime)>.Unusable("it has a string that is not Unicode"); // an escaped lone surrogate
        }
    }

    private static Reading<(string Token, TimeSpan Lifetime)> Read(JsonElement response, SearchValues<char>? characters)
    {
        if (response.ValueKind != JsonValueKind.Object)
            return Reading<(string Token, TimeSpan Lifetime)>.Unusable("it is not a JSON object");

        // RFC 6749, section 7.1: a client must not use a token whose type it does not understand. One of type DPoP would need proofs.
        if (!string.Equals(ReadString(response, "token_type"), "Bearer", StringComparison.OrdinalIgnoreCase))
            return Reading<(string Token, TimeSpan Lifetime)>.Unusable("its token_type is not Bearer");
        if (
            ReadString(response, "access_token") is not { } token
            || AuthorizationReader.ReadToken(token, MaximumTokenLength, characters).IsMalformed
        )
        {
            return Reading<(string Token, TimeSpan Lifetime)>.Unusable("it has no access_token that is a bearer token");
        }

        return ReadLifetime(response) is { } lifetime
            ? Reading<(string Token, TimeSpan Lifetime)>.Of((token, lifetime))
            : Reading<(string Token, TimeSpan Lifetime)>.Unusable("its expires_in is not a number greater than zero");
    }

    private static TimeSpan? ReadLifetime(JsonElement response)
    {
        if (!response.TryGetProperty("expires_in", out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return DefaultLifetime;

        double seconds = 0;
        if (value.ValueKind == JsonValueKind.String && NumericDateReader.TryReadSeconds(value.GetString(), out decimal written))
            seconds = (double)written;
        else if (value.ValueKind == JsonValueKind.Number)
            value.TryGetDouble(out seconds);

        if (!(seconds > 0))
            return null;
        return seconds < MaximumLifetime.TotalSeconds ? TimeSpan.FromSeconds(seconds) : MaximumLifetime;
    }

    private static string? ReadString(JsonElement response, string name) =>
        response.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

using System.Buffers;
using System.Text.Json;
using IntrospectionAuth.Json;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Tokens;

namespace IntrospectionAuth.ClientCredentials;

/// <summary>Reads a token response (RFC 6749, section 5.1), which must contain a bearer token.</summary>
internal static class TokenReader
{
    /// <summary>The lifetime of a token if the response does not state it.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(5);

    /// <summary>The longest time for which a token is used, regardless of the response.</summary>
    public static readonly TimeSpan MaximumLifetime = TimeSpan.FromDays(1);

    private const int MaximumTokenLength = 16_384; // Servers accept no longer headers.

    private const int MaximumDepth = 32;

    /// <param name="body">The body of the response.</param>
    /// <param name="characters">The characters that a token may contain; null for those of RFC 6750.</param>
    public static Reading<(string Token, TimeSpan Lifetime)> Read(ReadOnlyMemory<byte> body, SearchValues<char>? characters = null) =>
        StrictJson.Read(body, MaximumDepth, response => Read(response, characters));

    private static Reading<(string Token, TimeSpan Lifetime)> Read(JsonElement response, SearchValues<char>? characters)
    {
        // RFC 6749, section 7.1: a client must not use a token whose type it does not understand. One of type DPoP would need proofs.
        if (!string.Equals(response.ReadString("token_type"), "Bearer", StringComparison.OrdinalIgnoreCase))
            return Reading<(string Token, TimeSpan Lifetime)>.Unusable("its token_type is not Bearer");
        if (
            response.ReadString("access_token") is not { } token
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
}

using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using IntrospectionAuth.Json;

namespace IntrospectionAuth.Responses;

/// <summary>Reads the claims of a signed response (RFC 9701, section 5): issuer, audience, dates, and the response inside.</summary>
internal ref struct SignedClaimsReader
{
    /// <summary>
    /// How much older than the request a response may be, and how far in the future its dates may lie, in addition to
    /// <see cref="OAuthIntrospectionOptions.ClockSkew"/>.
    /// </summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    private const int MaximumDepth = 33; // one more than the response inside

    private readonly ReadOnlySpan<byte> _payload;
    private readonly OAuthIntrospectionOptions _options;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private Utf8JsonReader _json;
    private DateTimeOffset? _issuedAt,
        _notBefore,
        _expiresAt;
    private bool _isFromServer,
        _isForThis;
    private Range? _response;

    private SignedClaimsReader(ReadOnlySpan<byte> payload, OAuthIntrospectionOptions options)
    {
        _payload = payload;
        _options = options;
        _json = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = MaximumDepth });
    }

    /// <summary>Checks the claims, before the signature is verified: nothing in them is kept or logged.</summary>
    /// <param name="payload">The payload of the message.</param>
    /// <param name="options">The options of the scheme.</param>
    /// <param name="askedAt">The time of the request: a response cannot be much older.</param>
    /// <param name="response">The position of the introspection response in the payload.</param>
    /// <returns>What is wrong, as a fixed phrase; otherwise null.</returns>
    public static string? FindFault(
        ReadOnlySpan<byte> payload,
        OAuthIntrospectionOptions options,
        DateTimeOffset askedAt,
        out Range response
    )
    {
        response = default;
        if (!Utf8.IsValid(payload))
            return "its claims are not UTF-8";

        try
        {
            var reader = new SignedClaimsReader(payload, options);
            string? fault = reader.ReadClaims() ?? reader.FindFault(askedAt);
            response = reader._response ?? default;
            return fault;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The exception is dropped: its message names members of the response.
            return "its claims are not JSON, nested too deeply, or not Unicode";
        }
    }

    /// <returns>What is wrong with the form of the claims, or null.</returns>
    private string? ReadClaims()
    {
        if (!_json.Read() || _json.TokenType != JsonTokenType.StartObject)
            return "its claims are not a JSON object";

        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            string name = _json.GetString()!;
            if (!_names.Add(name))
                return "its claims have a member twice";

            _json.Read();
            if (ReadClaim(name) is { } fault)
                return fault;
        }

        _json.Read(); // throws if anything follows the object
        return null;
    }

    private string? ReadClaim(string name)
    {
        switch (name)
        {
            case MemberNames.Issuer:
                _isFromServer = _json.TokenType == JsonTokenType.String && _json.ValueTextEquals(_options.Authority);
                break;
            case MemberNames.Audience:
                return ReadAudience();
            case MemberNames.IssuedAt:
                return TryReadDate(out _issuedAt) ? null : "its iat is not a date";
            case MemberNames.NotBefore:
                return TryReadDate(out _notBefore) ? null : "its nbf is not a date";
            case MemberNames.ExpiresAt:
                return TryReadDate(out _expiresAt) ? null : "its exp is not a date";
            case "token_introspection" when _json.TokenType == JsonTokenType.StartObject:
                int start = (int)_json.TokenStartIndex;
                _json.Skip();
                _response = start..(int)_json.BytesConsumed;
                return null;
        }

        _json.Skip();
        return null;
    }

    /// <summary>A string, or an array of strings (RFC 7519, section 4.1.3).</summary>
    private string? ReadAudience()
    {
        const string Fault = "its aud is neither a string nor an array of strings";
        if (_json.TokenType == JsonTokenType.String)
        {
            _isForThis = _json.ValueTextEquals(_options.ExpectedResponseAudience);
            return null;
        }

        if (_json.TokenType != JsonTokenType.StartArray)
            return Fault;

        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (_json.TokenType != JsonTokenType.String)
                return Fault;
            _isForThis |= _json.ValueTextEquals(_options.ExpectedResponseAudience);
        }

        return null;
    }

    /// <summary>
    /// The dates of the JWT must be numbers (RFC 7519, section 2): a JOSE library writes them. Dates of the response inside may be strings.
    /// </summary>
    private bool TryReadDate(out DateTimeOffset? date)
    {
        date = null;
        if (_json.TokenType != JsonTokenType.Number || !NumericDateReader.TryRead(_json, out DateTimeOffset value, out _))
            return false;

        date = value;
        return true;
    }

    /// <returns>Why the response is from another server, for another API, or outdated; or null.</returns>
    private readonly string? FindFault(DateTimeOffset askedAt)
    {
        DateTimeOffset now = _options.Now;
        if (!_isFromServer)
            return "its iss is not Authority";
        if (!_isForThis)
            return "its aud is not SignedResponseAudience, or ClientId where that is not set";
        if (_issuedAt is not { } issuedAt)
            return "it has no iat";
        if (askedAt - issuedAt > Tolerance + _options.ClockSkew)
            return "its iat is more than a minute before the request";
        if (issuedAt - now > Tolerance + _options.ClockSkew || _notBefore - now > Tolerance + _options.ClockSkew)
            return "its iat or nbf is more than a minute in the future";
        if (_expiresAt <= now - _options.ClockSkew)
            return "its exp has passed";
        return _response is null ? "it has no token_introspection" : null;
    }
}

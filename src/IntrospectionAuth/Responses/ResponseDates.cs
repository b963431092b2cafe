using System.Text.Json;
using IntrospectionAuth.Json;

namespace IntrospectionAuth.Responses;

/// <summary>
/// The dates of one response, read member by member: when the token is valid, and whether the dates are reliable.
/// </summary>
internal struct ResponseDates
{
    private decimal? _lifetime; // expires_in, in seconds
    private bool _isLifetimeUnreadable;

    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <inheritdoc cref="IntrospectionResponse.IsExpiryUncertain"/>
    public bool IsExpiryUncertain { get; private set; }

    public DateTimeOffset? NotBefore { get; private set; }

    public DateTimeOffset? IssuedAt { get; private set; }

    /// <inheritdoc cref="BodyReading.HasClampedDate"/>
    public bool HasClampedDate { get; private set; }

    /// <summary>Reads a member if it is a date. The reader is at its value.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public string? Read(string name, in Utf8JsonReader json)
    {
        DateTimeOffset? date;
        switch (name)
        {
            case MemberNames.ExpiresAt when TryRead(json, out date, out bool isClamped):
                (ExpiresAt, IsExpiryUncertain) = (date, isClamped);
                return null;
            case MemberNames.NotBefore when TryRead(json, out date, out _):
                NotBefore = date;
                return null;
            case MemberNames.IssuedAt when TryRead(json, out date, out _):
                IssuedAt = date;
                return null;
            case MemberNames.ExpiresIn:
                ReadLifetime(json);
                return null;
            case MemberNames.AuthenticatedAt:
                TryRead(json, out _, out _); // Only for the warning: the claim is read where it is needed.
                return null;
            case MemberNames.ExpiresAt:
                return "its member 'exp' is not a date";
            case MemberNames.NotBefore:
                return "its member 'nbf' is not a date";
            case MemberNames.IssuedAt:
                return "its member 'iat' is not a date";
            default:
                return null;
        }
    }

    /// <summary>
    /// Without a usable <c>exp</c>, <c>expires_in</c> states when the token expires. Otherwise it is an ordinary member.
    /// </summary>
    /// <returns>What is wrong with it, or null.</returns>
    public string? ApplyLifetime(DateTimeOffset askedAt)
    {
        if (ExpiresAt is null && _isLifetimeUnreadable)
            return "its member 'expires_in' is not a number of seconds";

        if (_lifetime is { } lifetime && (ExpiresAt is null || IsExpiryUncertain))
        {
            ExpiresAt = NumericDateReader.Add(askedAt, lifetime, out bool isClamped);
            IsExpiryUncertain = true;
            HasClampedDate |= isClamped;
        }

        return null;
    }

    private bool TryRead(in Utf8JsonReader json, out DateTimeOffset? date, out bool isClamped)
    {
        (date, isClamped) = (null, false);
        if (json.TokenType == JsonTokenType.Null)
            return true;
        if (!NumericDateReader.TryRead(json, out DateTimeOffset value, out isClamped))
            return false;

        date = value;
        HasClampedDate |= isClamped;
        return true;
    }

    private void ReadLifetime(in Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
            return;
        if (NumericDateReader.TryReadSeconds(json, out decimal seconds))
            _lifetime = seconds;
        else
            _isLifetimeUnreadable = true;
    }
}

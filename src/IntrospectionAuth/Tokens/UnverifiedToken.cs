using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Tokens;

/// <summary>A token whose content is not verified. It is only used to choose a scheme.</summary>
internal sealed class UnverifiedToken(StringSegment value)
{
    private readonly Lazy<bool> _isJwt = new(() => UnverifiedJwtReader.IsJwt(value.AsSpan()), LazyThreadSafetyMode.None);
    private readonly Lazy<string?> _issuer = new(() => UnverifiedJwtReader.ReadIssuer(value.AsSpan()), LazyThreadSafetyMode.None);

    public StringSegment Value => value;

    /// <summary>Whether the token has the format of a signed or encrypted JWT.</summary>
    public bool IsJwt => _isJwt.Value;

    /// <summary>The unverified <c>iss</c>; null unless the token is a signed JWT with exactly one.</summary>
    public string? Issuer => _issuer.Value;
}

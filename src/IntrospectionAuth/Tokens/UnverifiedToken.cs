using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Tokens;

/// <summary>A token as the caller presents it. Nothing of it is verified, so it serves to choose among schemes and for nothing else.</summary>
internal sealed class UnverifiedToken(StringSegment value)
{
    private readonly Lazy<bool> _isJwt = new(() => UnverifiedJwtReader.IsJwt(value.AsSpan()), isThreadSafe: false);
    private readonly Lazy<string?> _issuer = new(() => UnverifiedJwtReader.ReadIssuer(value.AsSpan()), isThreadSafe: false);

    public StringSegment Value => value;

    /// <summary>Whether it looks like a JWT, signed or encrypted.</summary>
    public bool IsJwt => _isJwt.Value;

    /// <summary>The <c>iss</c> that it claims to have; null unless it is a signed JWT with exactly one.</summary>
    public string? Issuer => _issuer.Value;
}

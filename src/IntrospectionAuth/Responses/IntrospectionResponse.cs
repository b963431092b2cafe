namespace IntrospectionAuth.Responses;

/// <summary>An active answer (RFC 7662, section 2.2), parsed and immutable. It says what the server said; others judge it.</summary>
internal sealed class IntrospectionResponse
{
    /// <summary>When the token expires: by <c>exp</c>, or by <c>expires_in</c> from when the server was asked.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// Whether there is no usable <c>exp</c>, because it lay past year 9999 or only <c>expires_in</c> was there: then the token is judged
    /// by
    /// <see cref="ExpiresAt"/>, but the response is not cached as long as that.
    /// </summary>
    public bool IsExpiryUncertain { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>Who has issued the token; an empty string when the answer has an <c>iss</c> that is no string.</summary>
    public string? Issuer { get; init; }

    public string[] Audiences { get; init; } = [];

    public TokenKind Kind { get; init; }

    /// <summary>The words of <c>token_use</c> and <c>token_usage</c> that nobody here knows.</summary>
    public string[] UnknownUses { get; init; } = [];

    /// <summary>What the token is bound to; null when nothing says that it is bound at all (RFC 7800, 8705, 9449).</summary>
    public Confirmation? Confirmation { get; init; }

    /// <summary>Every member but <c>active</c>, in the order of the answer, without nulls.</summary>
    public required MemberValue[] Members { get; init; }

    /// <summary>The members as they were last mapped: derived from <see cref="Members"/>, kept so that it is derived once.</summary>
    public MappedMembers? Mapped { get; set; }
}

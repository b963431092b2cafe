namespace IntrospectionAuth.Introspection;

/// <summary>An active answer (RFC 7662, section 2.2), parsed and immutable. It says what the server said; others judge it.</summary>
/// <remarks>Dates are kept as ticks, 0 for none: with many tokens in memory, what a hit looks at should lie close together.</remarks>
internal sealed class IntrospectionResponse
{
    private readonly long _expiresAt, _notBefore, _issuedAt; // ticks, UTC

    public DateTimeOffset? ExpiresAt
    {
        get => DateAt(_expiresAt);
        init => _expiresAt = value?.UtcTicks ?? 0;
    }

    /// <summary>Whether <c>exp</c> lay past year 9999: good enough to judge the token by, but no reason to keep the answer for ever.</summary>
    public bool IsExpiryClamped { get; init; }

    public DateTimeOffset? NotBefore
    {
        get => DateAt(_notBefore);
        init => _notBefore = value?.UtcTicks ?? 0;
    }

    public DateTimeOffset? IssuedAt
    {
        get => DateAt(_issuedAt);
        init => _issuedAt = value?.UtcTicks ?? 0;
    }

    public string? Issuer { get; init; }

    public string[] Audiences { get; init; } = [];

    public TokenKind Kind { get; init; }

    /// <summary>Whether there is a <c>cnf</c>, or another sign that the token is bound to a key (RFC 7800, 8705, 9449).</summary>
    public bool IsBound { get; init; }

    /// <summary>Every member but <c>active</c>, in the order of the answer, without nulls.</summary>
    public required MemberValue[] Members { get; init; }

    /// <summary>The members as they were last mapped: derived from <see cref="Members"/>, kept so that it is derived once.</summary>
    public MappedMembers? Mapped { get; set; }

    private static DateTimeOffset? DateAt(long ticks) => ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
}

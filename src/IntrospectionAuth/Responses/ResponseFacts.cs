namespace IntrospectionAuth.Responses;

/// <summary>What every request looks at in an active answer.</summary>
/// <remarks>
/// A cached answer holds it itself, beside its key: with many tokens in memory, each object more on the way is one more wait for memory.
/// Dates are kept
/// as ticks, 0 for none, for the same reason.
/// </remarks>
internal readonly struct ResponseFacts(IntrospectionResponse response)
{
    private readonly long _expiresAt = response.ExpiresAt?.UtcTicks ?? 0; // UTC, as the next one
    private readonly long _notBefore = response.NotBefore?.UtcTicks ?? 0;

    public DateTimeOffset? ExpiresAt => DateAt(_expiresAt);

    /// <inheritdoc cref="IntrospectionResponse.IsExpiryUncertain"/>
    public bool IsExpiryUncertain { get; } = response.IsExpiryUncertain;

    public DateTimeOffset? NotBefore => DateAt(_notBefore);

    public string? Issuer { get; } = response.Issuer;

    public string[] Audiences { get; } = response.Audiences;

    public TokenKind Kind { get; } = response.Kind;

    /// <summary>Whether the token is bound to something: <see cref="IntrospectionResponse.Confirmation"/>.</summary>
    public bool IsBound { get; } = response.Confirmation is not null;

    /// <summary>Whether the answer has any member but <c>active</c>.</summary>
    public bool HasMembers { get; } = response.Members.Length > 0;

    private static DateTimeOffset? DateAt(long ticks) => ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
}

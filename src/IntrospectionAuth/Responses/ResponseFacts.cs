namespace IntrospectionAuth.Responses;

/// <summary>The parts of an active response that every request checks.</summary>
/// <remarks>
/// It is a part of the cache entry, next to the key: with many tokens in memory, each further object costs a wait for memory. For the same
/// reason dates are ticks, and 0 means none.
/// </remarks>
internal readonly struct ResponseFacts(IntrospectionResponse response)
{
    private readonly long _expiresAt = response.ExpiresAt?.UtcTicks ?? 0; // UTC, like the next one
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

    /// <summary>Whether the response has any member but <c>active</c>.</summary>
    public bool HasMembers { get; } = response.Members.Length > 0;

    /// <returns>The parts of the response; the default when there is none, because the token is inactive.</returns>
    public static ResponseFacts Of(IntrospectionResponse? response) => response is null ? default : new(response);

    private static DateTimeOffset? DateAt(long ticks) => ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
}

namespace IntrospectionAuth.Benchmarks.Soak;

/// <summary>A token and its state.</summary>
internal class SoakToken
{
    private long _revocationBegins = long.MaxValue;
    private long _revoked = long.MaxValue;

    public required string Value { get; init; }

    /// <summary>The subject; null if the token was never issued.</summary>
    public required string? Subject { get; init; }

    /// <summary>Whether the token has the scope that the endpoint requires.</summary>
    public required bool HasScope { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The time from which a rejection is allowed: the revocation may have taken effect.</summary>
    public DateTimeOffset EndsAt => Earlier(ref _revocationBegins);

    /// <summary>The time from which the authorization server responds "inactive".</summary>
    public DateTimeOffset RevokedAt => Time(ref _revoked);

    public void Revoke(Action<string> revoke, TimeProvider clock)
    {
        Volatile.Write(ref _revocationBegins, clock.GetUtcNow().UtcTicks);
        revoke(Value);
        Volatile.Write(ref _revoked, clock.GetUtcNow().UtcTicks);
    }

    private DateTimeOffset Earlier(ref long revocation) => Time(ref revocation) is var time && time < ExpiresAt ? time : ExpiresAt;

    private static DateTimeOffset Time(ref long ticks) =>
        Volatile.Read(ref ticks) is < long.MaxValue and var utc ? new DateTimeOffset(utc, TimeSpan.Zero) : DateTimeOffset.MaxValue;
}

namespace IntrospectionAuth.Benchmarks.Soak;

/// <summary>A token, and what is true of it.</summary>
internal sealed class SoakToken
{
    private long _revocationBegins = long.MaxValue;
    private long _revoked = long.MaxValue;

    public required string Value { get; init; }

    /// <summary>Whose it is; null when nobody has issued it.</summary>
    public required string? Subject { get; init; }

    /// <summary>Whether it has the scope that the endpoint needs.</summary>
    public required bool HasScope { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>From when on a refusal is right: the revocation may have happened already.</summary>
    public DateTimeOffset EndsAt => Earlier(ref _revocationBegins);

    /// <summary>From when on the authorization server has certainly said "not active".</summary>
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

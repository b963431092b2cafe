namespace IntrospectionAuth.ClientAuthentication;

/// <summary>A bearer token that was issued to this API.</summary>
/// <remarks>It is a class, because the <c>ToString</c> of a record would print the token.</remarks>
/// <param name="value">The token.</param>
/// <param name="time">The clock.</param>
/// <param name="askedAt">The timestamp of the request: it does not change when the clock is set back.</param>
/// <param name="usableFor">How long the token may be used after the request.</param>
/// <param name="obtainedWith">The key or the certificate that authenticated the request; null when it cannot change.</param>
internal sealed class ClientToken(string value, TimeProvider time, long askedAt, TimeSpan usableFor, object? obtainedWith)
{
    public string Value { get; } = value;

    public bool IsUsable => time.GetElapsedTime(askedAt) < usableFor;

    private object? ObtainedWith { get; } = obtainedWith;

    /// <summary>Whether it is the same token, which would be rejected again: some servers issue the same token until it expires.</summary>
    public override bool Equals(object? obj) =>
        obj is ClientToken other && string.Equals(Value, other.Value, StringComparison.Ordinal) && Equals(ObtainedWith, other.ObtainedWith);

    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);
}

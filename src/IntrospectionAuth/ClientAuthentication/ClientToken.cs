namespace IntrospectionAuth.ClientAuthentication;

/// <summary>A bearer token that was issued to this API itself.</summary>
/// <remarks>It is a class and not a record, whose <c>ToString</c> would print it.</remarks>
/// <param name="value">The token.</param>
/// <param name="time">The clock.</param>
/// <param name="askedAt">The timestamp at which it was asked for: no clock that is set back makes it last longer.</param>
/// <param name="usableFor">How long it may be used from then on.</param>
/// <param name="obtainedWith">The key or the connections by which it was obtained; null when they cannot change.</param>
internal sealed class ClientToken(string value, TimeProvider time, long askedAt, TimeSpan usableFor, object? obtainedWith)
{
    public string Value { get; } = value;

    public bool IsUsable => time.GetElapsedTime(askedAt) < usableFor;

    private object? ObtainedWith { get; } = obtainedWith;

    /// <summary>Whether it is the same token, and would be refused again: some servers issue the one that they have issued before, as long as it lasts.</summary>
    public override bool Equals(object? obj) =>
        obj is ClientToken other && string.Equals(Value, other.Value, StringComparison.Ordinal) && Equals(ObtainedWith, other.ObtainedWith);

    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);
}

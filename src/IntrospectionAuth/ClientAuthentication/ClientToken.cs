namespace IntrospectionAuth.ClientAuthentication;

/// <summary>A bearer token that was issued to this API itself.</summary>
/// <remarks>It is a class and not a record, whose <c>ToString</c> would print it.</remarks>
/// <param name="value">The token.</param>
/// <param name="time">The clock.</param>
/// <param name="askedAt">The timestamp at which it was asked for: no clock that is set back makes it last longer.</param>
/// <param name="usableFor">How long it may be used from then on.</param>
internal sealed class ClientToken(string value, TimeProvider time, long askedAt, TimeSpan usableFor)
{
    public string Value { get; } = value;

    public bool IsUsable => time.GetElapsedTime(askedAt) < usableFor;
}

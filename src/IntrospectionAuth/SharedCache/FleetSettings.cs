namespace IntrospectionAuth.SharedCache;

/// <summary>The values of options that describe a fleet. A reload that changes none of them keeps the fleet.</summary>
internal sealed class FleetSettings(OAuthIntrospectionOptions options) : IEquatable<FleetSettings>
{
    private readonly string[] _secrets = [.. options.SharedCache.Secrets];

    public IEnumerable<byte[]> Secrets => _secrets.Select(Convert.FromBase64String);

    public TimeSpan Patience { get; } = options.SharedCache.FeedPatience;

    public TimeSpan Timeout { get; } = options.SharedCache.Timeout;

    public TimeProvider Time { get; } = options.TimeProvider ?? TimeProvider.System;

    public bool Equals(FleetSettings? other) =>
        other is not null
        && Patience == other.Patience
        && Timeout == other.Timeout
        && Time == other.Time
        && _secrets.AsSpan().SequenceEqual(other._secrets);

    public override bool Equals(object? obj) => Equals(obj as FleetSettings);

    public override int GetHashCode() => HashCode.Combine(Patience, Timeout, Time, _secrets.Length);
}

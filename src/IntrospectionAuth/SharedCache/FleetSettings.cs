using System.Security.Cryptography;
using System.Text;

namespace IntrospectionAuth.SharedCache;

/// <summary>The values of options that describe a fleet. A reload that changes none of them keeps the fleet.</summary>
internal sealed class FleetSettings(OAuthIntrospectionOptions options) : IEquatable<FleetSettings>
{
    private readonly string[] _secrets = [.. options.SharedCache.Secrets];
    private readonly string? _tenant = options.TenantKey;

    /// <summary>The secrets. A tenant has its own, which are derived: its entries and its feed are not those of another tenant.</summary>
    public IEnumerable<byte[]> Secrets => _secrets.Select(secret => Derive(Convert.FromBase64String(secret)));

    public TimeSpan Patience { get; } = options.SharedCache.FeedPatience;

    public TimeSpan Timeout { get; } = options.SharedCache.Timeout;

    public TimeProvider Time { get; } = options.Clock;

    public bool Equals(FleetSettings? other) =>
        other is not null
        && Patience == other.Patience
        && Timeout == other.Timeout
        && Time == other.Time
        && _tenant == other._tenant
        && _secrets.AsSpan().SequenceEqual(other._secrets);

    public override bool Equals(object? obj) => Equals(obj as FleetSettings);

    public override int GetHashCode() => HashCode.Combine(Patience, Timeout, Time, _secrets.Length);

    private byte[] Derive(byte[] secret) =>
        _tenant is null
            ? secret
            : HKDF.DeriveKey(
                HashAlgorithmName.SHA256,
                secret,
                FleetSecret.MinimumLength,
                salt: [],
                Encoding.UTF8.GetBytes("IntrospectionAuth 1 tenant " + _tenant)
            );
}

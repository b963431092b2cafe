namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>The tenants, each with an authorization server of its own, and their settings that change.</summary>
internal static class TenantNames
{
    /// <summary>Its responses are signed (RFC 9701).</summary>
    public const string Signed = "alpha";

    /// <summary>Its tokens are bound to keys (RFC 9449).</summary>
    public const string Bound = "beta";

    /// <summary>Its audience changes.</summary>
    public const string Plain = "gamma";

    /// <summary>Its authorization server is that of the scheme and reports revocations by back-channel logout.</summary>
    public const string Pushing = "delta";

    /// <summary>It comes and goes.</summary>
    public const string Guest = "epsilon";

    /// <summary>There is no such tenant.</summary>
    public const string Unknown = "omega";

    public const string Audience = "https://api.example.com",
        OtherAudience = "https://other.example.com",
        Present = "present",
        Absent = "absent";

    public static readonly string[] All = [Signed, Bound, Plain, Pushing, Guest];
}

namespace IntrospectionAuth.Configuration;

/// <summary>Reads how many tenants are kept, and for how long.</summary>
internal static class TenantCacheReader
{
    public static void Read(ConfigurationReader reader, OAuthIntrospectionTenantCacheOptions tenants)
    {
        reader.Int32(nameof(tenants.MaximumTenants), value => tenants.MaximumTenants = value);
        reader.TimeSpan(nameof(tenants.SlidingExpiration), value => tenants.SlidingExpiration = value);
        reader.TimeSpan(nameof(tenants.RefreshAfter), value => tenants.RefreshAfter = value);
        reader.TimeSpan(nameof(tenants.UnknownAge), value => tenants.UnknownAge = value);
        reader.Int32(nameof(tenants.MaximumUnknownNames), value => tenants.MaximumUnknownNames = value);
    }
}

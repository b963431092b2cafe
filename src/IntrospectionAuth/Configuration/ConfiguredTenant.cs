using Microsoft.Extensions.Configuration;

namespace IntrospectionAuth.Configuration;

/// <summary>A copy of the settings of one tenant.</summary>
/// <param name="Value">The value that is written in place of them, by mistake.</param>
/// <param name="Settings">The settings, by their keys in the section of the tenant.</param>
internal sealed record ConfiguredTenant(string? Value, KeyValuePair<string, string?>[] Settings)
{
    public IConfiguration Open() => new ConfigurationBuilder().AddInMemoryCollection(Settings).Build();
}

using System.Reflection;

namespace IntrospectionAuth.Tests.Configuration;

internal enum OptionKind
{
    Text,
    Name,
    Flag,
    Number,
    Fraction,
    Time,
    List,
    Map,
}

/// <summary>Every option of a scheme and of its groups that configuration can set, found by reflection.</summary>
internal static class OptionTable
{
    /// <summary>Options that configuration cannot set, and why.</summary>
    public static IReadOnlyDictionary<string, string> CodeOnly { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ClientCertificate"] = "an object; CertificatePath is its setting",
            ["ClientCertificateChain"] = "an object; CertificatePath is its setting",
            ["SigningKey"] = "an object; SigningKeyPath is its setting",
            ["DecryptionKey"] = "an object; DecryptionKeyPath is its setting",
            ["Events"] = "delegates",
            ["EventsType"] = "a type",
            ["TimeProvider"] = "an object",
            ["ResolveTenant"] = "a delegate",
            ["ConfigureTenant"] = "a delegate",
            ["TenantResolverType"] = "a type",
            ["ForwardDefaultSelector"] = "a delegate",
            ["ForwardSignIn"] = "the scheme does not sign in",
            ["ForwardSignOut"] = "the scheme does not sign out",
        };

    /// <summary>The names of the groups.</summary>
    public static IReadOnlyList<string> Groups { get; } = [.. FindGroups(typeof(OAuthIntrospectionOptions), "")];

    public static IReadOnlyList<Option> All { get; } = [.. FindOptions(typeof(OAuthIntrospectionOptions), "")];

    /// <summary>Finds an option. <c>Provider</c> is a key without an option.</summary>
    public static Option Find(string key) => All.SingleOrDefault(option => option.Key == key) ?? new Option(key, typeof(string));

    private static IEnumerable<string> FindGroups(Type type, string prefix) =>
        Properties(type, prefix)
            .Where(IsGroup)
            .SelectMany(property => FindGroups(property.PropertyType, $"{prefix}{property.Name}:").Prepend(prefix + property.Name));

    private static IEnumerable<Option> FindOptions(Type type, string prefix) =>
        Properties(type, prefix)
            .SelectMany(property =>
                IsGroup(property)
                    ? FindOptions(property.PropertyType, $"{prefix}{property.Name}:")
                    : [new Option(prefix + property.Name, property.PropertyType)]
            );

    private static IEnumerable<PropertyInfo> Properties(Type type, string prefix) =>
        type.GetProperties().Where(property => !CodeOnly.ContainsKey(prefix + property.Name) && !IsSetByTheLibrary(property));

    /// <summary>Whether it is no option, but says something about the options: which tenant they are for.</summary>
    private static bool IsSetByTheLibrary(PropertyInfo property) => property.SetMethod is { IsPublic: false };

    /// <summary>A group is an object without a setter.</summary>
    private static bool IsGroup(PropertyInfo property) => property.SetMethod?.IsPublic != true && property.PropertyType.IsClass;
}

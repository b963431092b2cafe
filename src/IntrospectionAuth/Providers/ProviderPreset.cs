namespace IntrospectionAuth.Providers;

/// <summary>A preset that configuration selects by name: <c>"Provider": "WorkOS"</c>.</summary>
/// <remarks>Each provider is one file: it adds a static member here and the method that users call.</remarks>
internal sealed partial class ProviderPreset
{
    // The static members of the other parts of this class fill it. It has no initializer, because the order across files is undefined.
    private static Dictionary<string, ProviderPreset>? s_byName;

    private ProviderPreset(string name, Action<OAuthIntrospectionOptions, ProviderSettings> apply)
    {
        Apply = apply;
        (s_byName ??= new(StringComparer.OrdinalIgnoreCase)).Add(name, this);
    }

    public static IEnumerable<string> Names => s_byName!.Keys.Order(StringComparer.Ordinal);

    public Action<OAuthIntrospectionOptions, ProviderSettings> Apply { get; }

    public static ProviderPreset? Find(string name) => s_byName!.GetValueOrDefault(name);
}

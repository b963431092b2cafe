namespace IntrospectionAuth.Providers;

/// <summary>The settings that a preset requires from configuration.</summary>
internal sealed class ProviderSettings(Func<string, string> require)
{
    public string Authority => require(nameof(OAuthIntrospectionOptions.Authority));

    public string ClientId => require(nameof(OAuthIntrospectionOptions.ClientId));

    public string ClientSecret => require(nameof(OAuthIntrospectionOptions.ClientSecret));
}

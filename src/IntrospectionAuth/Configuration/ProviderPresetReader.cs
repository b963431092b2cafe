using IntrospectionAuth.Providers;

namespace IntrospectionAuth.Configuration;

/// <summary>Applies the preset that <c>Provider</c> names.</summary>
internal static class ProviderPresetReader
{
    public static void Read(ConfigurationReader reader, PresetSettings found, OAuthIntrospectionOptions options)
    {
        string? provider = null;
        reader.String("Provider", value => provider = value);
        if (provider is null)
            return;

        if (ProviderPreset.Find(provider) is not { } preset)
        {
            reader.Faults.Add(
                $"Provider is not known.{NearestName.Ask(provider, ProviderPreset.Names)} "
                    + $"Known providers are {string.Join(", ", ProviderPreset.Names)}; "
                    + "for any other server remove Provider and set IntrospectionEndpoint."
            );
            return;
        }

        bool isComplete = true;
        var settings = new ProviderSettings(key =>
        {
            string? value = found.Find(key);
            if (value is not null && (value.Length > 0 || key == nameof(options.ClientSecret)))
                return value;

            isComplete = false;
            string remark = key == nameof(options.ClientSecret) ? " (an empty string if the secret is empty)" : "";
            reader.Faults.Add($"{key} is not set, but Provider {provider} needs it. Set {key}{remark}.");
            return "missing"; // never used: the faults stop the application
        });

        try
        {
            preset.Apply(options, settings);
            if (found.IsAuthorityOfTenant)
                options.PresetOfTenant = [options.IntrospectionEndpoint!, .. options.ValidIssuers];
        }
        catch (ArgumentException exception)
        {
            // Without all settings, the argument may be the placeholder of one that is missing, which is a fault already.
            if (isComplete)
                reader.Faults.Add($"{exception.ParamName} is not valid for Provider {provider}.");
        }
    }
}

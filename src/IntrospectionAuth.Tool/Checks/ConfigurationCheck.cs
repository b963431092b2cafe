using IntrospectionAuth.Tool.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tool.Checks;

/// <summary>Reads and validates the options as the application does when it starts.</summary>
internal static class ConfigurationCheck
{
    /// <returns>The options, null when they are invalid; and a step for each fault or warning, or one for all settings.</returns>
    public static (OAuthIntrospectionOptions? Options, IReadOnlyList<Step> Steps) Run(
        SchemeSettings settings,
        IServiceProvider services,
        WarningRecorder warnings
    )
    {
        if (!settings.HasSection)
            return (null, [DescribeMissingSection(settings)]);

        try
        {
            var options = services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>().Get(settings.Scheme);
            return (
                options,
                [
                    Step.Ok(StepNames.Configuration, Describe(options)),
                    .. warnings.Take().Select(warning => Warn(Sentences.WithoutScheme(warning, settings.Scheme))),
                ]
            );
        }
        catch (OptionsValidationException exception)
        {
            return (null, [.. exception.Failures.Select(fault => Fail(fault, settings))]);
        }
    }

    private static string Describe(OAuthIntrospectionOptions options)
    {
        string client = string.IsNullOrEmpty(options.ClientId) ? "" : $" as client {options.ClientId}";
        return $"valid; authenticates by {options.ClientAuthenticationMethod}{client}";
    }

    private static Step Warn(string warning)
    {
        (string found, string? remedy) = Sentences.Split(warning);
        return Step.Warn(StepNames.Configuration, found, remedy);
    }

    private static Step Fail(string fault, SchemeSettings settings)
    {
        string text = Sentences.WithoutScheme(fault, settings.Scheme);
        string section = settings.Section + ":";
        (string found, string? remedy) = Sentences.Split(
            text.StartsWith(section, StringComparison.Ordinal) ? text[section.Length..] : text
        );
        return Step.Fail(StepNames.Configuration, found, remedy);
    }

    private static Step DescribeMissingSection(SchemeSettings settings)
    {
        string[] others = [.. settings.OtherSchemes];
        if (others.Length > 0)
        {
            return Step.Fail(
                StepNames.Configuration,
                $"There is no section {settings.Section}.",
                $"Add it, or name the scheme: --scheme {string.Join(" or --scheme ", others)}."
            );
        }

        string where = settings.File is { } file ? Path.GetFileName(file) : "this folder, which has no appsettings.json";
        return Step.Fail(
            StepNames.Configuration,
            $"There is no section {settings.Section} in {where}, in user secrets or in the environment.",
            "Name the settings of your API with --settings, or give options: --authority (or --endpoint) and --client-id."
        );
    }
}

using System.Text;
using IntrospectionAuth.Configuration;
using IntrospectionAuth.Fuzzing.Plain;
using Microsoft.Extensions.Configuration;

namespace IntrospectionAuth.Fuzzing.Targets;

/// <summary>The settings of a scheme: a line for each, with a key, an equals sign and a value, in UTF-8.</summary>
internal sealed class ConfigurationTarget : FuzzTarget
{
    private const int LongestWord = 6;
    private const decimal Second = TimeSpan.TicksPerSecond;

    private static readonly (string Key, Func<OAuthIntrospectionOptions, TimeSpan?> Value)[] s_times =
    [
        ("Timeout", static it => it.Timeout),
        ("ClockSkew", static it => it.ClockSkew),
        ("Cache:MaximumAge", static it => it.Cache.MaximumAge),
        ("Cache:DefaultAge", static it => it.Cache.DefaultAge),
        ("Cache:RefreshAfter", static it => it.Cache.RefreshAfter),
        ("Cache:StaleIfUnavailable", static it => it.Cache.StaleIfUnavailable),
        ("Cache:InactiveAge", static it => it.Cache.InactiveAge),
        ("DPoP:ProofLifetime", static it => it.DPoP.ProofLifetime),
    ];

    private static readonly (string Key, Func<OAuthIntrospectionOptions, long?> Value)[] s_numbers =
    [
        ("MaximumTokenLength", static it => it.MaximumTokenLength),
        ("MaximumResponseLength", static it => it.MaximumResponseLength),
        ("Cache:MaximumEntries", static it => it.Cache.MaximumEntries),
        ("Resilience:Retries", static it => it.Resilience.Retries),
        ("TokenFilter:MaximumLength", static it => it.TokenFilter.MaximumLength),
    ];

    private static readonly (string Key, Func<OAuthIntrospectionOptions, bool> Value)[] s_switches =
    [
        ("RequireHttps", static it => it.RequireHttps),
        ("RequireSignedResponse", static it => it.RequireSignedResponse),
        ("RequireDPoP", static it => it.RequireDPoP),
        ("AcceptRefreshTokens", static it => it.AcceptRefreshTokens),
        ("Cache:HonorCacheControl", static it => it.Cache.HonorCacheControl),
    ];

    public override string Name => "configuration";

    public override string Purpose => "the settings of a scheme";

    public override int MaximumLength => 512;

    public override IReadOnlyList<string> Words { get; } =
    [
        .. s_times.Select(static it => $"\n{it.Key}="),
        .. s_numbers.Select(static it => $"\n{it.Key}="),
        .. s_switches.Select(static it => $"\n{it.Key}="),
        "\nAuthority=https://as.example",
        "\nAudience=api",
        "\nAudiences:0=api",
        "\nAudiences=api",
        "\nClaimMappings:a:b=c",
        "\nClaimMappings:0=a=b",
        "\nIntrospectionParameters:0=a=b",
        "\nProvider=WorkOS",
        "\nProvider=Attio",
        "\nClientId=c",
        "\nClientSecret=secret-value",
        "\nClientAuthenticationMethod=private_key_jwt",
        "\nDPoP:Algorithms=ES256",
        "\nDPoP:ReplayAcrossNodes=Required",
        "\nInactiveStatusCodes:0=401",
        "\nTokenFilter:Mismatch=Ignore",
        "00:00:30",
        "1.00:00:00",
        "24:00:00",
        "05:00",
        "300000",
        "0.5",
        "true",
        "False",
        ":",
    ];

    /// <summary>All settings are looked up, and a key that is not known is compared with each of them.</summary>
    protected override (int Fixed, int PerByte) Memory => (1_000_000, 20_000);

    protected override (int Fixed, int PerByte) Time => (20_000, 500);

    public override void Run(byte[] input)
    {
        Dictionary<string, string> settings = Parse(input);
        IConfigurationSection section = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(static it => "S:" + it.Key, static it => (string?)it.Value))
            .Build()
            .GetSection("S");

        (OAuthIntrospectionOptions options, List<string> faults) = Measure(input, () => Read(section));
        Finding.Unless(faults.TrueForAll(static it => it.Length > 0), "a fault has no text");
        CheckSecret(settings, faults);

        foreach ((string key, Func<OAuthIntrospectionOptions, TimeSpan?> value) in s_times)
        {
            if (Find(settings, key, faults) is { } text)
                Finding.Unless(Math.Abs((decimal)value(options)!.Value.Ticks - (PlainSetting.Time(text) * Second ?? -Second)) <= 1, key);
        }

        foreach ((string key, Func<OAuthIntrospectionOptions, long?> value) in s_numbers)
        {
            if (Find(settings, key, faults) is { } text)
                Finding.UnlessEqual(PlainSetting.Whole(text), value(options), key);
        }

        foreach ((string key, Func<OAuthIntrospectionOptions, bool> value) in s_switches)
        {
            if (Find(settings, key, faults) is { } text)
                Finding.UnlessEqual<bool?>(PlainSetting.Truth(text), value(options), key);
        }
    }

    private static (OAuthIntrospectionOptions Options, List<string> Faults) Read(IConfigurationSection section)
    {
        var options = new OAuthIntrospectionOptions();
        return (options, SchemeReader.ReadTenant(section, options));
    }

    /// <summary>No pattern: how long it takes to build one is the framework's, and the application's own choice.</summary>
    private static Dictionary<string, string> Parse(byte[] input)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string[] parts in Encoding.UTF8.GetString(input).Split('\n').Select(static line => line.Split('=', 2)))
        {
            if (parts.Length == 2 && !parts[0].Contains("Pattern", StringComparison.OrdinalIgnoreCase))
                settings[parts[0]] = parts[1];
        }

        return settings;
    }

    /// <returns>The text of a setting that was read without a fault; null when there is none.</returns>
    private static string? Find(Dictionary<string, string> settings, string key, List<string> faults) =>
        faults.Count == 0 && settings.TryGetValue(key, out string? text) ? text : null;

    /// <summary>X16: a message never shows a secret.</summary>
    private static void CheckSecret(Dictionary<string, string> settings, List<string> faults)
    {
        if (!settings.TryGetValue("ClientSecret", out string? secret) || secret.Length <= LongestWord)
            return;

        bool isKey = settings.Keys.Any(it => it.Contains(secret, StringComparison.OrdinalIgnoreCase));
        bool isText = !secret.Any(static it => char.IsAsciiDigit(it) || it is '-' or '=');
        Finding.Unless(isKey || isText || !faults.Exists(it => it.Contains(secret, StringComparison.Ordinal)), "a fault shows a secret");
    }
}

namespace IntrospectionAuth.Tool.Settings;

/// <summary>Where the settings of a scheme come from, as the command line says.</summary>
internal sealed class SettingsRequest
{
    /// <summary>The file, or its folder; null for the current folder.</summary>
    public string? Path { get; init; }

    public required string Scheme { get; init; }

    /// <summary>The environment of the application; null when the command line does not name it.</summary>
    public string? Environment { get; init; }

    public string? UserSecretsId { get; init; }

    /// <summary>The name of the tenant; null when the command line names none.</summary>
    public string? Tenant { get; init; }

    /// <summary>Settings of the scheme on the command line, which take precedence.</summary>
    public required IReadOnlyList<KeyValuePair<string, string?>> Overrides { get; init; }

    /// <summary>
    /// Whether files and environment variables are read. A command line that names a server is complete, unless it names a file too.
    /// </summary>
    public bool ReadsFiles =>
        Path is not null
        || !Overrides.Any(static it =>
            it.Key is nameof(OAuthIntrospectionOptions.Authority) or nameof(OAuthIntrospectionOptions.IntrospectionEndpoint)
        );
}

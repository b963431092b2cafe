using System.CommandLine;
using System.Text.RegularExpressions;
using IntrospectionAuth.Tool.Settings;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool.Commands;

/// <summary>The options of a command that say which scheme is meant and where its settings are.</summary>
internal sealed partial class SchemeArguments
{
    private const string EmptySecret = "--set ClientSecret=";

    private readonly Option<string?> _settings = new("--settings")
    {
        Description = "The appsettings.json of the API, or its folder. The default is the current folder.",
        HelpName = "path",
    };

    private readonly Option<string> _scheme = new("--scheme")
    {
        Description = "The name of the authentication scheme.",
        HelpName = "name",
        DefaultValueFactory = static _ => OAuthIntrospectionDefaults.AuthenticationScheme,
    };

    private readonly Option<string?> _tenant = new("--tenant")
    {
        Description = "The tenant of the scheme whose settings are meant: Authentication:Schemes:SCHEME:Tenants:NAME.",
        HelpName = "name",
    };

    private readonly Option<string?> _environment = new("--environment")
    {
        Description = "The environment of the API. The default is DOTNET_ENVIRONMENT, then ASPNETCORE_ENVIRONMENT, then Development.",
        HelpName = "name",
    };

    private readonly Option<string?> _userSecretsId = new("--user-secrets-id")
    {
        Description = "The id of the user secrets. The default is that of the project beside the settings.",
        HelpName = "id",
    };

    private readonly Option<string?> _authority = new("--authority")
    {
        Description = "The issuer, in place of a settings file. The endpoint is discovered.",
        HelpName = "url",
    };

    private readonly Option<string?> _endpoint = new("--endpoint")
    {
        Description = "The introspection endpoint, in place of a settings file.",
        HelpName = "url",
    };

    private readonly Option<string?> _clientId = new("--client-id") { Description = "The client id of the API.", HelpName = "id" };

    private readonly Option<string?> _method = new("--method")
    {
        Description = "The client authentication method. The default is client_secret_basic.",
        HelpName = "name",
    };

    private readonly Option<bool> _secretStdin = new("--secret-stdin")
    {
        Description = $"Read the client secret from standard input. It is also read from {SecretInput.SecretVariable}.",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Any other setting of docs/configuration.md, such as Audiences:0=my-api. May be repeated.",
        HelpName = "name=value",
    };

    public void AddTo(Command command)
    {
        foreach (
            Option option in (Option[])
                [_settings, _scheme, _tenant, _environment, _userSecretsId, _authority, _endpoint, _clientId, _method, _secretStdin, _set]
        )
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether the secret comes from standard input, which then holds nothing else.</summary>
    public bool UsesStandardInput(ParseResult result) => result.GetValue(_secretStdin);

    /// <exception cref="UsageException">The options contradict each other, or a file is not there.</exception>
    public async Task<SchemeSettings> ReadAsync(ParseResult result, ToolHost host, CancellationToken cancellationToken)
    {
        var overrides = new List<KeyValuePair<string, string?>>();
        Add(nameof(OAuthIntrospectionOptions.Authority), result.GetValue(_authority));
        Add(nameof(OAuthIntrospectionOptions.IntrospectionEndpoint), result.GetValue(_endpoint));
        Add(nameof(OAuthIntrospectionOptions.ClientId), result.GetValue(_clientId));
        Add(nameof(OAuthIntrospectionOptions.ClientAuthenticationMethod), result.GetValue(_method));
        foreach (string assignment in result.GetValue(_set) ?? [])
            overrides.Add(ReadAssignment(assignment));
        if (UsesStandardInput(result))
            Add(nameof(OAuthIntrospectionOptions.ClientSecret), await SecretInput.ReadLineAsync(host, "client secret", cancellationToken));

        string[] names = [.. overrides.Select(static it => it.Key)];
        if (names.CountBy(static it => it, StringComparer.OrdinalIgnoreCase).FirstOrDefault(static it => it.Value > 1).Key is { } twice)
            throw new UsageException($"The command line sets {twice} twice. Remove one.");
        if (!names.Contains(nameof(OAuthIntrospectionOptions.ClientSecret), StringComparer.OrdinalIgnoreCase))
            Add(nameof(OAuthIntrospectionOptions.ClientSecret), SecretInput.ReadVariable(host, SecretInput.SecretVariable));

        return SettingsReader.Read(
            new SettingsRequest
            {
                Path = result.GetValue(_settings),
                Scheme = result.GetRequiredValue(_scheme),
                Environment = result.GetValue(_environment),
                UserSecretsId = result.GetValue(_userSecretsId),
                Tenant = result.GetValue(_tenant),
                Overrides = overrides,
            },
            host
        );

        void Add(string setting, string? value)
        {
            if (value is not null)
                overrides.Add(KeyValuePair.Create(setting, (string?)value));
        }
    }

    private static KeyValuePair<string, string?> ReadAssignment(string assignment)
    {
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1)
            throw new UsageException("--set needs a name and a value: --set Audiences:0=my-api");

        string name = assignment[..equals];
        string value = assignment[(equals + 1)..];
        if (value.Length > 0 && SecretName().IsMatch(name))
        {
            throw new UsageException(
                $"Shells remember command lines, so --set takes no {name}. "
                    + $"Use --secret-stdin, {SecretInput.SecretVariable} or user secrets. Only an empty one is accepted: {EmptySecret}"
            );
        }

        return KeyValuePair.Create(name, (string?)value);
    }

    [GeneratedRegex(
        "(Secret|Password)s?(:|$)",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex SecretName();
}

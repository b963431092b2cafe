using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>
/// One samples/Api for each client authentication method, started at its first use. It is configured with the issuer alone and introspects
/// on every request.
/// </summary>
/// <param name="server">The oidc-provider that the collection shares.</param>
public sealed class MethodApis(OidcProviderServer server) : IAsyncLifetime
{
    private readonly Dictionary<string, SampleApi> _apis = new(StringComparer.Ordinal);

    /// <summary>Gets the methods, as they appear in the names of test cases.</summary>
    public static IEnumerable<string> Names =>
        [
            "client_secret_basic",
            "client_secret_basic with odd characters",
            "client_secret_basic_raw",
            "client_secret_post",
            "none",
            "private_key_jwt RS256",
            "private_key_jwt RS384",
            "private_key_jwt RS512",
            "private_key_jwt PS256",
            "private_key_jwt PS384",
            "private_key_jwt PS512",
            "private_key_jwt ES256",
            "private_key_jwt ES384",
            "private_key_jwt ES512",
            "client_secret_jwt HS256",
            "client_secret_jwt HS384",
            "client_secret_jwt HS512",
            // SSL_CERT_FILE works on Linux only.
            .. OperatingSystem.IsLinux() ? ["tls_client_auth", "self_signed_tls_client_auth"] : Array.Empty<string>(),
        ];

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (SampleApi api in _apis.Values)
            await api.DisposeAsync();
    }

    internal async Task<SampleApi> GetAsync(string name)
    {
        if (!_apis.TryGetValue(name, out SampleApi? api))
        {
            Dictionary<string, string> settings = SettingsOf(name);
            settings["Audiences:0"] = OidcProviderServer.Api;
            settings["Cache:MaximumAge"] = "0"; // each request makes a call with the method under test
            // Trust in the server's certificate is an environment variable, so it takes a process.
            bool usesTls = name.Contains("tls", StringComparison.Ordinal);
            api = usesTls ? await SampleApi.StartAsync(settings, server.Trust) : await HostedApi.StartAsync(settings);
            _apis.Add(name, api);
        }

        return api;
    }

    private Dictionary<string, string> SettingsOf(string name)
    {
        string[] words = name.Split(' ');
        return words[0] switch
        {
            "client_secret_basic" when words.Length > 1 => With(words[0], OidcProviderServer.OddId, OidcProviderServer.OddSecret),
            "client_secret_post" => With(words[0], "api-post", OidcProviderServer.OddSecret),
            "none" => With(words[0], "api-none"),
            "private_key_jwt" or "client_secret_jwt" => server.AssertionSettings(words[1]),
            "tls_client_auth" => server.CertificateSettings(words[0], TlsClients.Issued),
            "self_signed_tls_client_auth" => server.CertificateSettings(words[0], TlsClients.SelfSigned),
            _ => With(words[0], "api-basic", "basic-secret-0123456789"), // also for raw: neither part needs encoding
        };
    }

    private Dictionary<string, string> With(string method, string clientId, string? clientSecret = null)
    {
        Dictionary<string, string> settings = server.DiscoverySettings(method, clientId);
        if (clientSecret is not null)
            settings["ClientSecret"] = clientSecret;
        return settings;
    }
}

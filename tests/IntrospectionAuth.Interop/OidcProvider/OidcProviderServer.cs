using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>npm's oidc-provider, an independent authorization server, run by provider.mjs.</summary>
public sealed partial class OidcProviderServer : IAsyncLifetime
{
    /// <summary>The resource for which tokens with an audience are issued.</summary>
    public const string Api = "https://api.example.com";

    /// <summary>The resource for which tokens are JWTs.</summary>
    public const string JwtApi = "https://jwt.example.com";

    // clients.mjs registers them.
    internal const string OddId = "api:one+two 100%25&a=b/?";
    internal const string OddSecret = "s:3+cr%65t &x=\"y\"\\/~*!(')";
    private const string AppSecret = "app-secret-0123456789";

    private readonly BoundTokens _boundTokens;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private ChildProcess? _process;

    /// <summary>Initializes the server, which starts later.</summary>
    public OidcProviderServer() => _boundTokens = new BoundTokens(TlsClients);

    /// <summary>Gets the issuer, which is also the base URL.</summary>
    public string Issuer { get; private set; } = "";

    /// <summary>The clients that sign assertions.</summary>
    internal SigningClients SigningClients { get; } = new();

    /// <summary>The clients that present certificates.</summary>
    internal TlsClients TlsClients { get; } = new();

    /// <summary>The clients that receive signed responses.</summary>
    internal SignedResponseClients SignedResponseClients { get; } = new();

    /// <summary>The environment that makes a process on Linux trust the server's certificate.</summary>
    internal Dictionary<string, string> Trust => new(StringComparer.Ordinal) { ["SSL_CERT_FILE"] = TlsClients.ServerCertificate };

    internal string IntrospectionEndpoint => Issuer + "/token/introspection";

    /// <summary>The settings of an API that authenticates by <c>client_secret_basic</c>.</summary>
    internal Dictionary<string, string> Settings =>
        new(StringComparer.Ordinal)
        {
            ["IntrospectionEndpoint"] = IntrospectionEndpoint,
            ["ClientId"] = "api-basic",
            ["ClientSecret"] = "basic-secret-0123456789",
        };

    /// <summary>The settings of an API that is configured with the issuer alone.</summary>
    internal Dictionary<string, string> DiscoverySettings(string method, string clientId) =>
        new(StringComparer.Ordinal)
        {
            ["Authority"] = Issuer,
            ["ClientAuthenticationMethod"] = method,
            ["ClientId"] = clientId,
        };

    /// <summary>The same for an API that signs assertions.</summary>
    internal Dictionary<string, string> AssertionSettings(string algorithm)
    {
        bool isSecret = algorithm.StartsWith("HS", StringComparison.Ordinal);
        Dictionary<string, string> settings = DiscoverySettings(
            isSecret ? "client_secret_jwt" : "private_key_jwt",
            SigningClients.IdOf(algorithm)
        );
        if (algorithm is not ("RS256" or "HS256" or "ES256" or "ES384" or "ES512")) // the others are the defaults of their keys
            settings["SigningAlgorithm"] = algorithm;
        if (isSecret)
            settings["ClientSecret"] = SigningClients.Secret;
        else
            settings["SigningKeyPath"] = SigningClients.KeyOf(algorithm);
        return settings;
    }

    /// <summary>The same for an API that presents a certificate.</summary>
    internal Dictionary<string, string> CertificateSettings(string method, string clientId)
    {
        Dictionary<string, string> settings = DiscoverySettings(method, clientId);
        settings["CertificatePath"] = TlsClients.CertificateOf(clientId);
        settings["CertificatePassword"] = TlsClients.Password;
        return settings;
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (NodeRequirement.Missing is not null)
            return; // every test is skipped, but the fixture is still created

        JsonNode[] clients =
        [
            .. SigningClients
                .Metadata.Concat(TlsClients.Metadata)
                .Concat(SignedResponseClients.Metadata)
                .Select(client => client!.DeepClone()),
        ];
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CLIENTS"] = new JsonArray(clients).ToJsonString(),
            ["TLS_FOLDER"] = TlsClients.Folder,
        };
        _process = ChildProcess.Start("node", ["OidcProvider/provider.mjs"], Repository.Interop, environment, ListeningLine());
        Issuer = await _process.WaitUntilReadyAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _boundTokens.Dispose();
        SigningClients.Dispose();
        SignedResponseClients.Dispose();
        TlsClients.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
    }

    /// <summary>Obtains a token of the grant <c>client_credentials</c>.</summary>
    internal async Task<string> IssueAsync(string scope, string? resource = null)
    {
        JsonNode response = JsonNode.Parse(await PostAsync("/token", TokenRequest("app", scope, resource)))!;
        return response["access_token"]!.GetValue<string>();
    }

    /// <summary>Obtains a token for this API that is bound to a key (RFC 9449).</summary>
    internal Task<string> IssueDPoPBoundAsync(string scope) =>
        _boundTokens.IssueDPoPBoundAsync(Issuer + "/token", TokenRequest("app-dpop", scope, Api));

    /// <summary>The form with which another client obtains such a token.</summary>
    internal static FormUrlEncodedContent DPoPForm => new(TokenRequest("app-dpop", "read", Api));

    /// <summary>Creates the proof for a request with such a token.</summary>
    internal string CreateProof(string url, string token, string? nonce = null) => _boundTokens.CreateProof("GET", url, token, nonce);

    /// <summary>Obtains a token for this API that is bound to a certificate (RFC 8705, section 3).</summary>
    internal async Task<string> IssueCertificateBoundAsync(string scope)
    {
        JsonNode metadata = JsonNode.Parse(await _client.GetStringAsync(Issuer + "/.well-known/openid-configuration"))!;
        string endpoint = metadata["mtls_endpoint_aliases"]!["token_endpoint"]!.GetValue<string>();
        return await _boundTokens.IssueCertificateBoundAsync(endpoint, TokenRequest("app-mtls", scope, Api));
    }

    /// <summary>Obtains a token that otherwise needs a browser.</summary>
    /// <param name="kind"><c>access</c>, <c>refresh</c>, <c>expired</c> or <c>authorization_code</c>.</param>
    /// <param name="account">The user.</param>
    internal Task<string> IssueKindAsync(string kind, string account = "user-1") =>
        PostAsync($"/control/tokens?kind={kind}&account={account}", []);

    /// <summary>Sets where logout tokens for the client <see cref="Browser.Client"/> are sent.</summary>
    internal Task SendLogoutsToAsync(Uri url, bool withSession) =>
        PostAsync($"/control/backchannel?url={Uri.EscapeDataString(url.ToString())}&sid={(withSession ? "true" : "false")}", []);

    /// <summary>Revokes a token (RFC 7009).</summary>
    internal Task RevokeAsync(string token) =>
        PostAsync(
            "/token/revocation",
            new(StringComparer.Ordinal)
            {
                ["token"] = token,
                ["client_id"] = "app",
                ["client_secret"] = AppSecret,
            }
        );

    /// <summary>Introspects a token, to compare the API's result with the response.</summary>
    internal async Task<JsonObject> IntrospectAsync(string token)
    {
        string response = await PostAsync(
            "/token/introspection",
            new(StringComparer.Ordinal) { ["token"] = token, ["client_id"] = "api-none" }
        );
        return JsonNode.Parse(response)!.AsObject();
    }

    /// <summary>Counts the introspection requests that an action causes.</summary>
    internal async Task<int> CountCallsAsync(Func<Task> action)
    {
        int before = await CountAsync();
        await action();
        return await CountAsync() - before;
    }

    internal Task KillAsync() => _process!.KillAsync();

    private static Dictionary<string, string> TokenRequest(string client, string scope, string? resource)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = client,
            ["client_secret"] = AppSecret,
            ["scope"] = scope,
        };
        if (resource is not null)
            form["resource"] = resource;
        return form;
    }

    private async Task<int> CountAsync() =>
        int.Parse(await _client.GetStringAsync(Issuer + "/control/introspections"), CultureInfo.InvariantCulture);

    private async Task<string> PostAsync(string path, Dictionary<string, string> form)
    {
        using var content = new FormUrlEncodedContent(form);
        using HttpResponseMessage response = await _client.PostAsync(new Uri(Issuer + path), content);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    [GeneratedRegex(@"^Listening on (?<url>http://\S+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ListeningLine();
}

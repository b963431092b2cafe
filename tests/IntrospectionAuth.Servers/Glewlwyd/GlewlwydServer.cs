using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace IntrospectionAuth.Servers.Glewlwyd;

/// <summary>glewlwyd with its OpenID Connect plugin, set up through its own administration API.</summary>
public sealed partial class GlewlwydServer : IAsyncLifetime
{
    /// <summary>The packages of Debian that the server needs.</summary>
    public const string Packages = "glewlwyd glewlwyd-common";

    /// <summary>The audience of the tokens: the server takes it from the scope.</summary>
    public const string Audience = "read";

    private const string Schema = "/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3";

    private readonly HttpClient _administrator = new(new SocketsHttpHandler { UseProxy = false });
    private ServerProcess? _process;
    private TokenClient? _client;
    private TokenClient? _api;

    internal string Issuer => _process!.Url + "/api/oidc";

    internal string TokenEndpoint => Issuer + "/token";

    /// <summary>The client of users.</summary>
    internal TokenClient Client => _client!;

    /// <summary>The client that the API is.</summary>
    internal TokenClient Api => _api!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Requirement.FindMissing(Packages) is not null)
            return; // every test is skipped, but the fixture is still created

        int port = FindFreePort();
        _process = await ServerProcess.StartAsync(folder => Prepare(folder, port), StartedLine());
        await SetUpAsync();
        _client = new TokenClient(TokenEndpoint, Issuer + "/revoke", "app", "app-secret");
        _api = new TokenClient(TokenEndpoint, Issuer + "/revoke", "api", "api-secret");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _administrator.Dispose();
        _client?.Dispose();
        _api?.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
    }

    /// <summary>The settings of an API that introspects here.</summary>
    internal Dictionary<string, string> Settings(string method, params (string Name, string Value)[] further)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Authority"] = Issuer,
            ["ClientAuthenticationMethod"] = method,
            ["ClientId"] = "api",
            ["ClientSecret"] = "api-secret",
        };
        if (method == "client_credentials")
            settings["ClientCredentials:Scope"] = "introspect";
        foreach ((string name, string value) in further)
            settings[name] = value;
        return settings;
    }

    internal Task KillAsync() => _process!.KillAsync();

    private static (string File, string[] Arguments) Prepare(string folder, int port)
    {
        string database = Path.Combine(folder, "glewlwyd.sqlite");
        using (var connection = new SqliteConnection($"Data Source={database};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = File.ReadAllText(Schema); // of the package: its tables and the administrator
            command.ExecuteNonQuery();
        }

        string configuration = Path.Combine(folder, "glewlwyd.conf");
        string text = $$"""
            port={{port.ToString(CultureInfo.InvariantCulture)}}
            bind_address="127.0.0.1"
            external_url="http://127.0.0.1:{{port.ToString(CultureInfo.InvariantCulture)}}"
            api_prefix="api"
            login_url="login.html"
            log_mode="console"
            log_level="INFO"
            cookie_secure=0
            session_expiration=3600
            session_key="session"
            admin_session_authentication="cookie"
            profile_session_authentication="cookie"
            admin_scope="g_admin"
            profile_scope="g_profile"
            user_module_path="/usr/lib/glewlwyd/user"
            client_module_path="/usr/lib/glewlwyd/client"
            user_auth_scheme_module_path="/usr/lib/glewlwyd/scheme"
            plugin_module_path="/usr/lib/glewlwyd/plugin"
            use_secure_connection=false
            secure_connection_key_file="/etc/glewlwyd/cert.key"
            secure_connection_pem_file="/etc/glewlwyd/cert.pem"
            secure_connection_ca_file="/etc/glewlwyd/ca.crt"
            hash_algorithm="SHA512"
            database={ type="sqlite3"; path="{{database}}"; };
            """;
        File.WriteAllText(configuration, text);
        return ("/usr/bin/glewlwyd", ["--config-file=" + configuration]);
    }

    private async Task SetUpAsync()
    {
        await AddAsync("/api/auth/", new() { ["username"] = "admin", ["password"] = "password" }); // a session, by its cookie
        foreach (string scope in (string[])["read", "write", "introspect"])
        {
            await AddAsync(
                "/api/scope/",
                new()
                {
                    ["name"] = scope,
                    ["display_name"] = scope,
                    ["description"] = scope,
                    ["password_required"] = false,
                }
            );
        }

        await AddAsync(
            "/api/mod/plugin/",
            new()
            {
                ["module"] = "oidc",
                ["name"] = "oidc",
                ["display_name"] = "oidc",
                ["parameters"] = PluginParameters(),
                ["order_rank"] = 0,
            }
        );
        foreach (string client in (string[])["app", "api"])
        {
            await AddAsync(
                "/api/client/",
                new()
                {
                    ["client_id"] = client,
                    ["client_secret"] = client + "-secret",
                    ["confidential"] = true,
                    ["enabled"] = true,
                    ["name"] = client,
                    ["scope"] = new JsonArray("read", "write", "introspect"),
                    ["token_endpoint_auth_method"] = new JsonArray("client_secret_basic", "client_secret_post"),
                    ["authorization_type"] = new JsonArray("client_credentials", "refresh_token", "password"),
                }
            );
        }

        await AddAsync(
            "/api/user/",
            new()
            {
                ["username"] = "alice",
                ["password"] = "alice-password",
                ["name"] = "Alice",
                ["enabled"] = true,
                ["scope"] = new JsonArray("openid", "read", "write"),
            }
        );
    }

    private JsonObject PluginParameters()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new()
        {
            ["iss"] = Issuer,
            ["jwt-type"] = "ecdsa",
            ["jwt-key-size"] = "256",
            ["key"] = key.ExportPkcs8PrivateKeyPem(),
            ["cert"] = key.ExportSubjectPublicKeyInfoPem(),
            ["jwks-show"] = true,
            ["access-token-duration"] = 3600,
            ["refresh-token-duration"] = 7200,
            ["code-duration"] = 600,
            ["refresh-token-rolling"] = true,
            ["allow-non-oidc"] = true,
            ["auth-type-code-enabled"] = true,
            ["auth-type-token-enabled"] = false,
            ["auth-type-id-token-enabled"] = true,
            ["auth-type-none-enabled"] = false,
            ["auth-type-password-enabled"] = true,
            ["auth-type-client-enabled"] = true,
            ["auth-type-refresh-enabled"] = true,
            ["subject-type"] = "public",
            ["introspection-revocation-allowed"] = true,
            ["introspection-revocation-allow-target-client"] = true,
            ["introspection-revocation-auth-scope"] = new JsonArray("introspect"),
            ["oauth-dpop-allowed"] = true,
            ["oauth-dpop-iat-duration"] = 60,
        };
    }

    private async Task AddAsync(string path, JsonObject json) => (await SendAsync(path, json)).Dispose();

    private async Task<HttpResponseMessage> SendAsync(string path, JsonObject json)
    {
        HttpResponseMessage response = await _administrator.PostAsJsonAsync(_process!.Url + path, json);
        return response.IsSuccessStatusCode
            ? response
            : throw new InvalidOperationException(
                $"{path} responded with {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}"
            );
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(
        @"Glewlwyd started .* external URL: (?<url>http://[^/\s]+)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex StartedLine();
}

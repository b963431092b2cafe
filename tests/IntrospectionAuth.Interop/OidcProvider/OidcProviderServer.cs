using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>npm's oidc-provider, run by provider.mjs: an authorization server that others wrote.</summary>
public sealed partial class OidcProviderServer : IAsyncLifetime, IAsyncDisposable
{
    /// <summary>The resource for which tokens with an audience are issued.</summary>
    public const string Api = "https://api.example.com";

    // provider.mjs registers them.
    internal const string OddId = "api:one+two 100%25&a=b/?";
    internal const string OddSecret = "s:3+cr%65t &x=\"y\"\\/~*!(')";
    private const string AppSecret = "app-secret-0123456789";

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private ChildProcess? _process;

    /// <summary>Gets the issuer, which is also the base URL.</summary>
    public string Issuer { get; private set; } = "";

    /// <summary>The clients that sign assertions.</summary>
    internal SigningClients SigningClients { get; } = new();

    internal string IntrospectionEndpoint => Issuer + "/token/introspection";

    /// <summary>The settings of a resource server that authenticates by <c>client_secret_basic</c>.</summary>
    internal Dictionary<string, string> Settings => new(StringComparer.Ordinal)
    {
        ["IntrospectionEndpoint"] = IntrospectionEndpoint,
        ["ClientId"] = "api-basic",
        ["ClientSecret"] = "basic-secret-0123456789",
    };

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (NodeRequirement.Missing is not null)
            return; // every test is skipped; a fixture is made nevertheless

        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["SIGNING_CLIENTS"] = SigningClients.Metadata };
        _process = ChildProcess.Start("node", ["OidcProvider/provider.mjs"], Repository.Interop, environment, ListeningLine());
        Issuer = await _process.WaitUntilReadyAsync();
    }

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        SigningClients.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
    }

    /// <summary>Obtains a token of the grant <c>client_credentials</c>.</summary>
    internal async Task<string> IssueAsync(string scope, string? resource = null)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "client_credentials", ["client_id"] = "app", ["client_secret"] = AppSecret, ["scope"] = scope,
        };
        if (resource is not null)
            form["resource"] = resource;

        JsonNode answer = JsonNode.Parse(await PostAsync("/token", form))!;
        return answer["access_token"]!.GetValue<string>();
    }

    /// <summary>Obtains a token that no grant without a browser gives.</summary>
    /// <param name="kind"><c>access</c>, <c>refresh</c>, <c>dpop</c>, <c>expired</c> or <c>authorization_code</c>.</param>
    internal Task<string> IssueKindAsync(string kind) => PostAsync("/control/tokens?kind=" + kind, []);

    /// <summary>Revokes a token (RFC 7009).</summary>
    internal Task RevokeAsync(string token) =>
        PostAsync("/token/revocation", new(StringComparer.Ordinal) { ["token"] = token, ["client_id"] = "app", ["client_secret"] = AppSecret });

    /// <summary>Asks about a token, as a check on what the API makes of the same answer.</summary>
    internal async Task<JsonObject> IntrospectAsync(string token)
    {
        string answer = await PostAsync("/token/introspection", new(StringComparer.Ordinal) { ["token"] = token, ["client_id"] = "api-none" });
        return JsonNode.Parse(answer)!.AsObject();
    }

    /// <summary>Counts the introspection requests that an action causes.</summary>
    internal async Task<int> CountCallsAsync(Func<Task> action)
    {
        int before = await CountAsync();
        await action();
        return await CountAsync() - before;
    }

    internal Task KillAsync() => _process!.KillAsync();

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

using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>samples/Api with tokens that oidc-provider has bound to a client's key (RFC 9449).</summary>
[Collection(SharedOidcProvider.Name)]
public sealed class DPoPTests(OidcProviderServer server) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    [NodeFact]
    public async Task A_DPoP_bound_token_is_accepted_only_with_its_proof()
    {
        await using SampleApi api = await HostedApi.StartAsync(Settings());
        string url = UrlOf(api);
        string token = await server.IssueDPoPBoundAsync("read");
        string proof = server.CreateProof(url, token);
        using var thief = new BoundTokens(server.TlsClients);

        Assert.Equal(HttpStatusCode.OK, (await GetAsync(url, "DPoP", token, proof)).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(url, "DPoP", token, server.CreateProof(url, token))).Status);

        (HttpStatusCode status, string challenge, _) = await GetAsync(url, "DPoP", token, proof);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("invalid_dpop_proof", challenge, StringComparison.Ordinal);
        Assert.Contains(
            "invalid_dpop_proof",
            (await GetAsync(url, "DPoP", token, server.CreateProof(url + "s", token))).Challenge,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "invalid_token",
            (await GetAsync(url, "DPoP", token, thief.CreateProof("GET", url, token))).Challenge,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "DPoP algs=",
            (await GetAsync(url, "Bearer", token, server.CreateProof(url, token))).Challenge,
            StringComparison.Ordinal
        );
    }

    [NodeFact]
    public async Task RequireDPoP_rejects_plain_Bearer_tokens_without_a_call()
    {
        await using SampleApi api = await HostedApi.StartAsync(Settings(("RequireDPoP", "true")));
        string url = UrlOf(api);
        string token = await server.IssueDPoPBoundAsync("read");
        string unbound = await server.IssueAsync("read", OidcProviderServer.Api);

        int calls = await server.CountCallsAsync(async () =>
            Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(url, "Bearer", unbound, proof: null)).Status)
        );

        Assert.Equal(0, calls);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(url, "DPoP", unbound, server.CreateProof(url, unbound))).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(url, "DPoP", token, server.CreateProof(url, token))).Status);
        Assert.StartsWith("DPoP ", (await api.GetAsync("/read")).WwwAuthenticate, StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task A_request_with_the_nonce_of_the_challenge_is_accepted()
    {
        await using SampleApi api = await HostedApi.StartAsync(Settings(("DPoP:RequireNonce", "true")));
        string url = UrlOf(api);
        string token = await server.IssueDPoPBoundAsync("read");

        (HttpStatusCode status, string challenge, string? nonce) = await GetAsync(url, "DPoP", token, server.CreateProof(url, token));
        HttpStatusCode next = (await GetAsync(url, "DPoP", token, server.CreateProof(url, token, nonce))).Status;

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("use_dpop_nonce", challenge, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, next);
    }

    [NodeFact]
    public async Task Proofs_by_npm_jose_are_accepted_with_every_algorithm()
    {
        string[] algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
        await using SampleApi api = await HostedApi.StartAsync(
            Settings([.. algorithms.Select((algorithm, i) => ($"DPoP:Algorithms:{i}", algorithm))])
        );
        string url = UrlOf(api);

        JsonArray clients = await RunClientAsync(server.Issuer + "/token", await OidcProviderServer.DPoPForm.ReadAsStringAsync(), url);

        Assert.Equal(algorithms, clients.Select(client => client!["alg"]!.GetValue<string>()));
        foreach (JsonNode? client in clients)
        {
            Assert.Equal(
                HttpStatusCode.OK,
                (await GetAsync(url, "DPoP", client!["token"]!.GetValue<string>(), client["proof"]!.GetValue<string>())).Status
            );
        }
    }

    private static string UrlOf(SampleApi api) => new Uri(api.Url, "/read").AbsoluteUri;

    private static async Task<JsonArray> RunClientAsync(params string[] arguments)
    {
        using Process node = Process.Start(
            new ProcessStartInfo("node", ["OidcProvider/dpop.mjs", .. arguments])
            {
                WorkingDirectory = Repository.Interop,
                UseShellExecute = false,
                RedirectStandardOutput = true,
            }
        )!;
        string output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();

        Assert.Equal(0, node.ExitCode);
        return JsonNode.Parse(output)!.AsArray();
    }

    private Dictionary<string, string> Settings(params (string Key, string Value)[] more)
    {
        Dictionary<string, string> settings = server.DiscoverySettings("none", "api-none");
        settings["Audiences:0"] = OidcProviderServer.Api;
        foreach ((string key, string value) in more)
            settings[key] = value;
        return settings;
    }

    private async Task<(HttpStatusCode Status, string Challenge, string? Nonce)> GetAsync(
        string url,
        string scheme,
        string token,
        string? proof
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} {token}");
        if (proof is not null)
            request.Headers.Add("DPoP", proof);
        using HttpResponseMessage response = await _client.SendAsync(request);
        return (
            response.StatusCode,
            string.Join(" | ", response.Headers.WwwAuthenticate),
            response.Headers.TryGetValues("DPoP-Nonce", out IEnumerable<string>? nonces) ? nonces.Single() : null
        );
    }
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>A client that knows only a URL, as MCP clients do, discovers oidc-provider (RFC 9728).</summary>
[Collection(SharedOidcProvider.Name)]
public sealed partial class FirstContactTests(OidcProviderServer server)
{
    [NodeFact]
    public async Task A_client_that_knows_only_a_URL_discovers_the_server_and_the_required_scope()
    {
        Dictionary<string, string> settings = server.DiscoverySettings("client_secret_basic", "api-basic");
        settings["ClientSecret"] = "basic-secret-0123456789";
        settings["Resource"] = OidcProviderServer.Api;
        settings["Audiences:0"] = OidcProviderServer.Api;
        await using SampleApi api = await HostedApi.StartAsync(settings);

        // The 401 challenge contains the URL of the metadata and the required scope.
        ApiResponse unknown = await api.GetAsync("/read");
        Assert.Equal(401, unknown.Status);
        Match challenge = Challenge().Match(unknown.WwwAuthenticate!);
        Assert.True(challenge.Success, unknown.WwwAuthenticate);

        // The metadata names the authorization server and the resource.
        JsonNode metadata = JsonNode.Parse((await api.GetAsync(new Uri(challenge.Groups["metadata"].Value).PathAndQuery)).Body)!;
        Assert.Equal(server.Issuer, metadata["authorization_servers"]![0]!.GetValue<string>());
        string resource = metadata["resource"]!.GetValue<string>();

        string token = await server.IssueAsync(challenge.Groups["scope"].Value, resource);
        Assert.Equal(200, (await api.GetAsync("/read", token)).Status);

        // The 403 challenge names the missing scope.
        ApiResponse forbidden = await api.GetAsync("/write", token);
        Assert.Equal(403, forbidden.Status);
        string scope = Scope().Match(forbidden.WwwAuthenticate!).Groups["scope"].Value;

        string better = await server.IssueAsync(scope, resource);
        Assert.Equal(200, (await api.GetAsync("/write", better)).Status);
    }

    [GeneratedRegex(
        @"^Bearer scope=""(?<scope>[^""]+)"", resource_metadata=""(?<metadata>[^""]+)""$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Challenge();

    [GeneratedRegex(
        @"error=""insufficient_scope"".* scope=""(?<scope>[^""]+)""",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Scope();
}

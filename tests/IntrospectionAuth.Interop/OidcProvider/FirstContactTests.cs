using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OidcProvider;

/// <summary>A client that knows nothing but a URL, as MCP clients do, with oidc-provider as the server that it finds (RFC 9728).</summary>
[Collection(SharedOidcProvider.Name)]
public sealed partial class FirstContactTests(OidcProviderServer server)
{
    [NodeFact]
    public async Task A_client_finds_its_way_from_a_URL_to_the_scope_that_it_needs()
    {
        Dictionary<string, string> settings = server.DiscoverySettings("client_secret_basic", "api-basic");
        settings["ClientSecret"] = "basic-secret-0123456789";
        settings["Resource"] = OidcProviderServer.Api;
        settings["Audiences:0"] = OidcProviderServer.Api;
        await using SampleApi api = await SampleApi.StartAsync(settings);

        // 401 says where the metadata lies, and which scope is needed.
        Answer unknown = await api.GetAsync("/read");
        Assert.Equal(401, unknown.Status);
        Match challenge = Challenge().Match(unknown.WwwAuthenticate!);
        Assert.True(challenge.Success, unknown.WwwAuthenticate);

        // The metadata says whom to ask for a token, and for what resource.
        JsonNode metadata = JsonNode.Parse((await api.GetAsync(new Uri(challenge.Groups["metadata"].Value).PathAndQuery)).Body)!;
        Assert.Equal(server.Issuer, metadata["authorization_servers"]![0]!.GetValue<string>());
        string resource = metadata["resource"]!.GetValue<string>();

        string token = await server.IssueAsync(challenge.Groups["scope"].Value, resource);
        Assert.Equal(200, (await api.GetAsync("/read", token)).Status);

        // 403 says which scope is missing.
        Answer forbidden = await api.GetAsync("/write", token);
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

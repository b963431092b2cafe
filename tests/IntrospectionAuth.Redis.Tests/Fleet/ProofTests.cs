using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Redis.Tests.Engines;

namespace IntrospectionAuth.Redis.Tests.Fleet;

/// <summary>DPoP proofs that are presented to several nodes.</summary>
[Collection("Fleets")]
public sealed class ProofTests(SharedFleets fleets)
{
    [Theory]
    [InlineData(EngineKind.Redis)]
    [InlineData(EngineKind.Garnet)]
    public async Task A_proof_that_was_used_on_one_node_is_rejected_on_all(EngineKind kind)
    {
        TestFleet fleet = await fleets.GetAsync(kind);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string token = IssueBoundToken(fleet, key);
        string proof = Prove(key, token);

        Assert.Equal(200, await SendAsync(fleet.Nodes[0], token, proof));
        Assert.All(await Task.WhenAll(fleet.Nodes.Select(node => SendAsync(node, token, proof))), status => Assert.Equal(401, status));
        Assert.Equal(200, await SendAsync(fleet.Nodes[1], token, Prove(key, token)));
    }

    [Fact]
    public async Task Of_many_uses_of_a_proof_at_once_on_three_nodes_one_is_accepted()
    {
        TestFleet fleet = await fleets.GetAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string token = IssueBoundToken(fleet, key);
        string proof = Prove(key, token);

        int[] statuses = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => SendAsync(fleet.Nodes[i % 3], token, proof)));

        Assert.Single(statuses, 200);
        Assert.Equal(29, statuses.Count(status => status == 401));
    }

    [Theory]
    [InlineData("BestEffort", 200)]
    [InlineData("Required", 503)]
    public async Task Without_the_engine_the_option_decides_about_proofs(string setting, int status)
    {
        await using TestFleet fleet = await TestFleet.StartAsync(
            settings: new(StringComparer.Ordinal) { ["DPoP:ReplayAcrossNodes"] = setting },
            count: 1
        );
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string token = IssueBoundToken(fleet, key);
        Assert.Equal(200, await SendAsync(fleet.Nodes[0], token, Prove(key, token)));

        await fleet.Engine.StopAsync();
        string proof = Prove(key, token);

        Assert.Equal(status, await SendAsync(fleet.Nodes[0], token, proof));
        Assert.Equal(401, await SendAsync(fleet.Nodes[0], token, proof)); // this node's own memory
    }

    private static string IssueBoundToken(TestFleet fleet, ECDsa key) =>
        fleet.Server.IssueToken(token =>
        {
            token.TokenType = "DPoP";
            token.Members["cnf"] = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["jkt"] = Encode(SHA256.HashData(Encoding.ASCII.GetBytes(PublicKey(key).ToJsonString()))),
            };
        });

    private static async Task<int> SendAsync(FleetNode node, string token, string proof)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/me");
        request.Headers.Host = "api.example.com"; // each node has another port, but callers see one URL
        request.Headers.TryAddWithoutValidation("Authorization", $"DPoP {token}");
        request.Headers.TryAddWithoutValidation("DPoP", proof);
        ApiResponse response = await node.Api.SendAsync(request);
        return response.Status;
    }

    private static string Prove(ECDsa key, string token)
    {
        var header = new JsonObject
        {
            ["typ"] = "dpop+jwt",
            ["alg"] = "ES256",
            ["jwk"] = PublicKey(key),
        };
        var payload = new JsonObject
        {
            ["jti"] = Guid.NewGuid().ToString(),
            ["htm"] = "GET",
            ["htu"] = "http://api.example.com/me",
            ["iat"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
            ["ath"] = Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token))),
        };
        string signed = $"{Encode(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Encode(Encoding.UTF8.GetBytes(payload.ToJsonString()))}";
        return $"{signed}.{Encode(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    /// <summary>The members in the order of RFC 7638.</summary>
    private static JsonObject PublicKey(ECDsa key)
    {
        ECPoint point = key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["crv"] = "P-256",
            ["kty"] = "EC",
            ["x"] = Encode(point.X!),
            ["y"] = Encode(point.Y!),
        };
    }

    private static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}

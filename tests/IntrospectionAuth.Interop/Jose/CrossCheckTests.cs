using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using IntrospectionAuth.Interop.OidcProvider;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Jose;

namespace IntrospectionAuth.Interop.Jose;

/// <summary>The library's own JOSE against npm's: each signs what the other verifies, with keys in every form.</summary>
public sealed class CrossCheckTests
{
    private static readonly JoseAlgorithm[] s_all = [.. JoseAlgorithm.Asymmetric, .. JoseAlgorithm.Symmetric];

    [NodeFact]
    public async Task What_npm_jose_signs_is_verified_here_and_its_thumbprints_are_the_same()
    {
        JsonArray keys = await GenerateAsync();

        Assert.Equal(s_all.Select(algorithm => algorithm.Name), keys.Select(key => Text(key, "alg")));
        foreach (JsonNode? generated in keys)
        {
            string compact = Text(generated, "jws");
            JoseKey key = ReadKey(generated!["publicJwk"]!);
            Jws jws = JwsReader.Read(compact)!;

            Assert.True(jws.IsSignedBy(key, s_all));
            Assert.True(jws.Header.HasType("test+jwt"));
            Assert.Equal($"signed by npm: {Text(generated, "alg")} ✓", Encoding.UTF8.GetString(jws.Payload.Span));
            Assert.Equal(Text(generated, "thumbprint"), key.Thumbprint);

            int changed = compact.LastIndexOf('.') + 10;
            Assert.False(JwsReader.Read($"{compact[..changed]}{(compact[changed] == 'A' ? 'B' : 'A')}{compact[(changed + 1)..]}")!.IsSignedBy(key, s_all));
            Assert.DoesNotContain(keys.Where(other => other != generated), other => jws.IsSignedBy(ReadKey(other!["publicJwk"]!), s_all));
        }
    }

    [NodeFact]
    public async Task What_is_signed_here_is_verified_by_npm_jose()
    {
        var messages = new JsonArray();
        var expected = new List<string>();
        foreach (JsonNode? generated in await GenerateAsync())
        {
            JoseAlgorithm algorithm = JoseAlgorithm.Find(Text(generated, "alg"))!;
            List<JoseKey> keys = [ReadKey(generated!["privateJwk"]!)];
            if (generated["pem"] is { } pem)
                keys.Add(PemKeyReader.Read(pem.GetValue<string>(), out _)!);

            foreach (JoseKey key in keys)
            {
                string payload = $"signed here: {algorithm.Name} ✓";
                string jws = JwsBuilder.Sign(new JwsHeader { Algorithm = algorithm, Type = "test+jwt", KeyId = key.KeyId }, Encoding.UTF8.GetBytes(payload), key);
                messages.Add((JsonNode)new JsonObject { ["alg"] = algorithm.Name, ["jwk"] = generated["publicJwk"]!.DeepClone(), ["jws"] = jws });
                expected.Add(payload);
            }
        }

        JsonArray payloads = await RunAsync("verify", messages.ToJsonString());

        Assert.Equal((JoseAlgorithm.Asymmetric.Count * 2) + JoseAlgorithm.Symmetric.Count, payloads.Count);
        Assert.Equal(expected, payloads.Select(payload => payload!.GetValue<string>()));
    }

    private static JoseKey ReadKey(JsonNode jwk)
    {
        JoseKey? key = JsonWebKeyReader.Read(jwk.ToJsonString(), out string? fault);
        Assert.Null(fault);
        return key!;
    }

    private static string Text(JsonNode? node, string name) => node![name]!.GetValue<string>();

    private static Task<JsonArray> GenerateAsync() => RunAsync("generate", "");

    private static async Task<JsonArray> RunAsync(string task, string input)
    {
        using Process node = Process.Start(new ProcessStartInfo("node", ["Jose/jose.mjs", task])
        {
            WorkingDirectory = Repository.Interop,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        })!;
        await node.StandardInput.WriteAsync(input);
        node.StandardInput.Close();
        string output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();

        Assert.Equal(0, node.ExitCode);
        return JsonNode.Parse(output)!.AsArray();
    }
}

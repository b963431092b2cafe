using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using IntrospectionAuth.Interop.OidcProvider;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Jose;
using IntrospectionAuth.Tests.Jose;

namespace IntrospectionAuth.Interop.Jose;

/// <summary>This library's JOSE against npm's: each verifies what the other signs, with keys in every form.</summary>
public sealed class CrossCheckTests
{
    private static readonly JoseAlgorithm[] s_all = [.. JoseAlgorithm.Asymmetric, .. JoseAlgorithm.Symmetric];

    [NodeFact]
    public async Task A_JWS_by_npm_jose_verifies_and_thumbprints_agree()
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
            Assert.False(
                JwsReader
                    .Read($"{compact[..changed]}{(compact[changed] == 'A' ? 'B' : 'A')}{compact[(changed + 1)..]}")!
                    .IsSignedBy(key, s_all)
            );
            Assert.DoesNotContain(keys.Where(other => other != generated), other => jws.IsSignedBy(ReadKey(other!["publicJwk"]!), s_all));
        }
    }

    [NodeFact]
    public async Task Npm_jose_verifies_a_JWS_by_this_library()
    {
        var messages = new JsonArray();
        var expected = new List<string>();
        foreach (JsonNode? generated in await GenerateAsync())
        {
            JoseAlgorithm algorithm = JoseAlgorithm.Find(Text(generated, "alg"))!;
            List<JoseKey> keys = [ReadKey(generated!["privateJwk"]!)];
            if (generated["pem"] is { } pem)
                keys.Add(PemKeyReader.Read(pem.GetValue<string>(), password: null, out _)!);

            foreach (JoseKey key in keys)
            {
                string payload = $"signed here: {algorithm.Name} ✓";
                string jws = JwsBuilder.Sign(
                    new JwsHeader
                    {
                        Algorithm = algorithm,
                        Type = "test+jwt",
                        KeyId = key.KeyId,
                    },
                    Encoding.UTF8.GetBytes(payload),
                    key
                );
                messages.Add(
                    (JsonNode)
                        new JsonObject
                        {
                            ["alg"] = algorithm.Name,
                            ["jwk"] = generated["publicJwk"]!.DeepClone(),
                            ["jws"] = jws,
                        }
                );
                expected.Add(payload);
            }
        }

        JsonArray payloads = await RunAsync("verify", messages.ToJsonString());

        Assert.Equal((JoseAlgorithm.Asymmetric.Count * 2) + JoseAlgorithm.Symmetric.Count, payloads.Count);
        Assert.Equal(expected, payloads.Select(payload => payload!.GetValue<string>()));
    }

    [NodeFact]
    public async Task A_JWE_by_npm_jose_is_decrypted_unless_its_algorithm_is_not_allowed()
    {
        JsonArray messages = await RunAsync("encrypt", "");

        foreach (JsonNode? message in messages)
        {
            Jwe? jwe = JweReader.Read(Text(message, "jwe"));
            if (KeyEncryption.Find(Text(message, "alg")) is null || ContentEncryption.Find(Text(message, "enc")) is null)
            {
                Assert.Null(jwe);
                continue;
            }

            var key = (RsaJoseKey)PemKeyReader.Read(Text(message, "pem"), password: null, out _)!;
            string jws = Encoding.ASCII.GetString(jwe!.Decrypt(key)!);
            Assert.Equal("JWT", jwe.ContentType);
            Assert.Equal(Text(message, "jws"), jws);
            Assert.True(JwsReader.Read(jws)!.Header.HasType("token-introspection+jwt"));
            Assert.True(JwsReader.Read(jws)!.IsSignedBy(ReadKey(message!["publicJwk"]!), JoseAlgorithm.Asymmetric));
        }

        Assert.Equal((KeyEncryption.All.Count * ContentEncryption.All.Count) + 2, messages.Count);
    }

    [NodeFact]
    public async Task Npm_jose_decrypts_a_JWE_in_the_form_that_this_library_reads()
    {
        using var rsa = RSA.Create(2048);
        (string Alg, string Enc)[] pairs =
        [
            .. KeyEncryption.All.SelectMany(static alg => ContentEncryption.All.Select(enc => (alg.Name, enc.Name))),
        ];
        string[] messages = [.. pairs.Select(pair => JweBuilder.EncryptBy(pair.Alg, pair.Enc, $"encrypted here: {pair} ✓", rsa))];

        JsonArray plaintexts = await RunAsync(
            "decrypt",
            new JsonArray([
                .. pairs.Zip(
                    messages,
                    (pair, message) =>
                        new JsonObject
                        {
                            ["pem"] = rsa.ExportPkcs8PrivateKeyPem(),
                            ["alg"] = pair.Alg,
                            ["enc"] = pair.Enc,
                            ["jwe"] = message,
                        }
                ),
            ]).ToJsonString()
        );

        Assert.Equal(pairs.Select(pair => $"encrypted here: {pair} ✓"), plaintexts.Select(plaintext => plaintext!.GetValue<string>()));
        Assert.Equal(
            pairs.Select(pair => $"encrypted here: {pair} ✓"),
            messages.Select(message => Encoding.UTF8.GetString(JweReader.Read(message)!.Decrypt(RsaJoseKey.Create(rsa, isPrivate: true)!)!))
        );
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
        using Process node = Process.Start(
            new ProcessStartInfo("node", ["Jose/jose.mjs", task])
            {
                WorkingDirectory = Repository.Interop,
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
                StandardOutputEncoding = Encoding.UTF8,
            }
        )!;
        await node.StandardInput.WriteAsync(input);
        node.StandardInput.Close();
        string output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();

        Assert.Equal(0, node.ExitCode);
        return JsonNode.Parse(output)!.AsArray();
    }
}

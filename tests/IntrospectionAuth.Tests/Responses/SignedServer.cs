using System.Text.Json.Nodes;
using IntrospectionAuth.Tests.Claims;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Responses;

/// <summary>An authorization server on a real socket that signs its responses and publishes its keys.</summary>
internal sealed class SignedServer : IAsyncDisposable
{
    public const string MediaType = "application/token-introspection+jwt";
    public const string Jwks = "/jwks";

    private SignedServer(MetadataServer http) => Http = http;

    public MetadataServer Http { get; }

    public string Url => Http.Url;

    /// <summary>The key that signs until a test says otherwise.</summary>
    public ServerKey Key { get; } = ServerKey.Ec();

    public int KeyFetches => Http.Count($"GET {Jwks}");

    public int Introspections => Http.Count("POST /introspect");

    public static async Task<SignedServer> StartAsync()
    {
        var server = new SignedServer(await MetadataServer.StartAsync());
        server.PublishMetadata();
        server.PublishKeys(server.Key);
        server.RespondSigned();
        return server;
    }

    public void PublishMetadata(string? keysUrl = null, string endpoint = "/introspect") =>
        Http.PublishText(
            MetadataServer.OpenId,
            $$"""{"issuer":"{{Url}}","introspection_endpoint":"{{Url + endpoint}}","jwks_uri":"{{keysUrl ?? Url + Jwks}}"}"""
        );

    public void PublishKeys(params ServerKey[] keys) => PublishJwks([.. keys.Select(key => key.Jwk())]);

    public void PublishJwks(params JsonNode[] keys) =>
        Http.PublishText(Jwks, new JsonObject { ["keys"] = new JsonArray(keys) }.ToJsonString());

    /// <summary>A response about an active token with the scope "read".</summary>
    public SignedResponse Create(ServerKey? key = null) =>
        new()
        {
            Key = (key ?? Key).Pair,
            Header = new JsonObject
            {
                ["alg"] = (key ?? Key).Pair.Algorithms[0].Name,
                ["typ"] = "token-introspection+jwt",
                ["kid"] = (key ?? Key).KeyId,
            },
            Claims = new JsonObject
            {
                ["iss"] = Url,
                ["aud"] = "api",
                ["iat"] = ManualTimeProvider.Start.ToUnixTimeSeconds(),
                ["token_introspection"] = new JsonObject
                {
                    ["active"] = true,
                    ["scope"] = "read",
                    ["sub"] = "user-1",
                },
            },
        };

    /// <summary>Sends a signed response, with changes, from now on.</summary>
    public void RespondSigned(Action<SignedResponse>? change = null, ServerKey? key = null)
    {
        SignedResponse signed = Create(key);
        change?.Invoke(signed);
        RespondWith(signed.ToString());
    }

    public void RespondWith(string text, string contentType = MediaType) =>
        Http.On("/introspect", context => MetadataServer.WriteAsync(context, text, contentType));

    public Task<DiscoveryApi> StartApiAsync(Action<OAuthIntrospectionOptions>? configure = null) =>
        DiscoveryApi.StartAsync(
            Url,
            options =>
            {
                options.RequireSignedResponse = true;
                configure?.Invoke(options);
            }
        );

    public ValueTask DisposeAsync() => Http.DisposeAsync();
}

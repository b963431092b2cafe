using System.Net;
using System.Text;
using IntrospectionAuth.Calls;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.DPoP;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Diagnostics;

/// <summary>The reasons that a developer seldom sees, each with the request that meets it.</summary>
internal static class RareReasons
{
    private const string Thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

    public static IReadOnlyDictionary<string, ReasonOverHttp> All { get; } =
        new Dictionary<string, ReasonOverHttp>(StringComparer.Ordinal)
        {
            ["refused connection"] = new("no connection: connection refused, at http://127.0.0.1:1/introspect", "IntrospectionEndpoint")
            {
                Outage = "Unreachable",
                Configure = (options, _) => options.IntrospectionEndpoint = "http://127.0.0.1:1/introspect",
            },
            ["DNS"] = new("a host name that cannot be resolved, at https://no-such-host.invalid/introspect", "Check the host name")
            {
                Outage = "Unreachable",
                Configure = (options, _) => options.IntrospectionEndpoint = "https://no-such-host.invalid/introspect",
            },
            ["a connection that breaks off"] = new("a connection that broke off", "Check that the authorization server runs")
            {
                Outage = "Unreachable",
                Server = (server, _) =>
                    server.On(
                        "/introspect",
                        context =>
                        {
                            context.Abort();
                            return Task.CompletedTask;
                        }
                    ),
            },
            ["slow server"] = new("no complete response within 5 s (Timeout), at http", "raise Timeout")
            {
                Outage = "TimedOut",
                Send = async (api, server, time) =>
                {
                    Task arrived = server.HangAt("/introspect");
                    Task<HttpResponseMessage> response = ReasonOverHttp.SendBearerAsync(api);
                    await arrived;
                    time.Advance(TimeSpan.FromSeconds(5));
                    return await response;
                },
            },
            ["slow metadata"] = new("no complete response within 5 s (Timeout)", "raise Timeout")
            {
                Outage = "TimedOut",
                Configure = Discover,
                Send = async (api, server, time) =>
                {
                    Task arrived = server.HangAt(MetadataServer.OpenId);
                    Task<HttpResponseMessage> response = ReasonOverHttp.SendBearerAsync(api);
                    await arrived;
                    time.Advance(TimeSpan.FromSeconds(5));
                    return await response;
                },
            },
            ["slow application"] = new("the application's own code used up 5 s (Timeout)", "used up Timeout")
            {
                Outage = "TimedOut",
                Configure = (options, server) => options.Events.OnIntrospecting = _ => ReadVaultAsync(server.Url),
                Send = async (api, server, time) =>
                {
                    Task arrived = server.HangAt("/vault");
                    Task<HttpResponseMessage> response = ReasonOverHttp.SendBearerAsync(api);
                    await arrived;
                    time.Advance(TimeSpan.FromSeconds(5));
                    return await response;
                },
            },
            ["no metadata"] = new("no usable metadata: ", "Check Authority") { Outage = "DiscoveryFailed", Configure = Discover },
            ["no token for the API"] = new("no token for this API from the token endpoint: it responded 400", "Check ClientCredentials")
            {
                Outage = "TokenNotIssued",
                Configure = (options, server) =>
                {
                    options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientCredentials;
                    options.ClientCredentials.TokenEndpoint = server.Url + "/token";
                },
                Server = (server, _) => server.RespondAt("/token", 400),
            },
            ["no keys"] = new("no keys that verify signatures: ", "jwks_uri")
            {
                Configure = (options, server) =>
                {
                    Discover(options, server);
                    options.RequireSignedResponse = true;
                },
                Server = (server, _) =>
                {
                    server.PublishText(
                        MetadataServer.OpenId,
                        server.Describe().Replace("}", $",\"jwks_uri\":\"{server.Url}/keys\"}}", StringComparison.Ordinal)
                    );
                    server.RespondAt("/keys", """{"keys":[]}""");
                    server.PublishText("/introspect", Sign(server.Url), "application/token-introspection+jwt");
                },
                Outage = "ServerKeysUnavailable",
            },
            ["superseded"] = new("responses that removals or newer responses superseded before they arrived", "OAuthIntrospectionCache")
            {
                Configure = (options, _) => options.Cache.InactiveAge = TimeSpan.Zero,
                Server = RevokeDuringEachCall,
            },
            ["stopped"] = new("no call: the application is stopping", "The application is stopping")
            {
                // A host that stops waits for requests, then disposes of its services: of this one first.
                Send = async (api, server, _) =>
                {
                    Task arrived = server.HangAt("/introspect");
                    Task<HttpResponseMessage> response = ReasonOverHttp.SendBearerAsync(api);
                    await arrived;
                    api.Services.GetRequiredService<CallRunner>().Dispose();
                    return await response;
                },
            },
            ["certificate"] = new("found no client certificate, or another one", "ClientCertificateMode")
            {
                Status = 401,
                Server = (server, _) => server.RespondAt("/introspect", $$$"""{"active":true,"cnf":{"x5t#S256":"{{{Thumbprint}}}"}}"""),
            },
            ["not bound to a key"] = new("expected no DPoP proof for a token that is not bound to a key", "Authorization: Bearer")
            {
                Status = 401,
                Send = (api, _, _) => ProveAsync(api, times: 1),
            },
            ["nonce"] = new("no nonce of this API, or an expired one", "DPoP.RequireNonce")
            {
                Status = 401,
                Configure = (options, _) => options.DPoP.RequireNonce = true,
                Send = (api, _, _) => ProveAsync(api, times: 1),
            },
            ["no nonce can be created"] = new("no nonce, and none can be created", "Data Protection")
            {
                Configure = (options, _) => options.DPoP.RequireNonce = true,
                Send = (api, _, _) =>
                {
                    BrokenDataProtection.Of(api).IsBroken = true;
                    return ProveAsync(api, times: 1);
                },
            },
            ["replayed proof"] = new("a proof that was used before", "DPoP.ProofLifetime")
            {
                Status = 401,
                Send = (api, server, _) => ProveAsync(api, times: 2, server),
            },
            ["URL of a proof"] = new("an htu other than the URL of the request", "UseForwardedHeaders")
            {
                Status = 401,
                Send = (api, _, _) => ProveAsync(api, times: 1, url: "https://api.example.com/me"),
            },
        };

    /// <summary>During each call that says active, a newer one says inactive.</summary>
    private static void RevokeDuringEachCall(MetadataServer server, KestrelApi api)
    {
        int calls = 0;
        server.On(
            "/introspect",
            async context =>
            {
                if (Interlocked.Increment(ref calls) % 2 == 0)
                {
                    await MetadataServer.WriteAsync(context, """{"active":false}""");
                    return;
                }

                (await api.SendAsync(HttpMethod.Get, "/fresh", authorization: "Bearer " + ReasonOverHttp.Token)).Dispose();
                await MetadataServer.WriteAsync(context, """{"active":true}""");
            }
        );
    }

    private static async Task ReadVaultAsync(string server)
    {
        using var client = new HttpClient();
        using HttpResponseMessage response = await client.GetAsync(server + "/vault");
    }

    private static void Discover(OAuthIntrospectionOptions options, MetadataServer server)
    {
        options.IntrospectionEndpoint = null;
        options.Authority = server.Url;
    }

    /// <summary>A signed response whose signature no key made.</summary>
    private static string Sign(string issuer) =>
        string.Join(
            '.',
            new[]
            {
                """{"alg":"RS256","typ":"token-introspection+jwt"}""",
                $$$"""{"iss":"{{{issuer}}}","aud":"api","iat":1767225600,"token_introspection":{"active":true}}""",
                "no signature",
            }.Select(static part => Convert.ToBase64String(Encoding.UTF8.GetBytes(part)).TrimEnd('=').Replace('+', '-').Replace('/', '_'))
        );

    /// <summary>Sends the same DPoP proof several times.</summary>
    private static async Task<HttpResponseMessage> ProveAsync(KestrelApi api, int times, MetadataServer? boundBy = null, string? url = null)
    {
        using var key = new DPoPClientKey();
        boundBy?.RespondAt("/introspect", $$$"""{"active":true,"cnf":{"jkt":"{{{key.Thumbprint}}}"}}""");
        string proof = key.Prove("GET", url ?? new Uri(api.Client.BaseAddress!, "/me").AbsoluteUri, ReasonOverHttp.Token);
        for (int i = 1; i < times; i++)
        {
            using HttpResponseMessage accepted = await api.Client.PresentAsync("/me", ReasonOverHttp.Token, proof);
            Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        }

        return await api.Client.PresentAsync("/me", ReasonOverHttp.Token, proof);
    }
}

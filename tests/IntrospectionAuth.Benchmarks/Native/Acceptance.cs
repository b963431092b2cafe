using System.Security.Cryptography;
using IntrospectionAuth.Benchmarks.Fleet;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Benchmarks.Native;

/// <summary>
/// Checks a published program from the outside: what its callers receive, and how often it calls the authorization server, which is another
/// process.
/// </summary>
internal sealed class Acceptance(ApiProgram program)
{
    private int _checks,
        _wrong;

    /// <returns>The number of checks, and of those that failed.</returns>
    public async Task<(int Checks, int Wrong)> RunAsync()
    {
        Console.WriteLine(program.Name);
        await CheckTokensAsync();
        await CheckBoundTokensAsync();
        await CheckDocumentsAsync();
        await CheckSignedResponsesAsync();
        await CheckClientAssertionAsync();
        await CheckSharedCacheAsync();
        return (_checks, _wrong);
    }

    private async Task CheckTokensAsync()
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        await using ApiInstance api = await ApiInstance.StartAsync(program, server);
        string token = server.IssueToken(it => (it.Subject, it.Scopes) = ("user-7", ["read", "pay"]));

        Expect("no token", await api.GetAsync("/read"), 401, "Bearer scope=\"read\"");
        Expect("a malformed token", await api.GetAsync("/read", "not a token"), 400, "invalid_request");
        Expect("an unknown token", await api.GetAsync("/read", "unknown"), 401, "invalid_token");
        Expect("an active token", await api.GetAsync("/me", token), 200, """{"subject":"user-7","scopes":["read","pay"]}""");
        Expect("a scope that the token has", await api.GetAsync("/read", token), 200);
        Expect("a scope that it lacks", await api.GetAsync("/read", server.IssueToken("write")), 403, "insufficient_scope");
        Check("three requests with one token make one call", server.CallsFor(token).Count == 1);
        Expect("a fresh token is required", await api.GetAsync("/pay", token), 200);
        Check("and every such request makes a call", server.CallsFor(token).Count == 2);
        Expect("a revoked token", await RevokeAsync(server, api, token), 401, "invalid_token");

        string cached = server.IssueToken("read");
        Expect("before an outage", await api.GetAsync("/read", cached), 200);
        await server.DisposeAsync();
        Expect("a cached token while the server is down", await api.GetAsync("/read", cached), 200);
        Expect("another token while the server is down", await api.GetAsync("/read", "another"), 503, "Retry-After");
    }

    private static async Task<ReceivedResponse> RevokeAsync(FakeAuthorizationServer server, ApiInstance api, string token)
    {
        server.Revoke(token);
        return await api.GetAsync("/pay", token);
    }

    private async Task CheckBoundTokensAsync()
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        await using ApiInstance api = await ApiInstance.StartAsync(program, server);
        using var key = new ProofKey();
        using var foreign = new ProofKey();
        string token = server.IssueToken(it =>
        {
            it.TokenType = "DPoP";
            it.Members["cnf"] = new FakeJson($$"""{ "jkt": "{{key.Thumbprint}}" }""");
        });
        var url = new Uri(api.Address, "/me");
        string proof = key.Prove(url, token);

        Expect("a bound token without a proof", await api.GetAsync("/me", token), 401, "DPoP algs=");
        Expect("with a proof of another key", await api.SendAsync("/me", "DPoP " + token, foreign.Prove(url, token)), 401, "DPoP");
        Expect("with its proof", await api.SendAsync("/me", "DPoP " + token, proof), 200);
        Expect("with the same proof again", await api.SendAsync("/me", "DPoP " + token, proof), 401, "invalid_dpop_proof");
    }

    private async Task CheckDocumentsAsync()
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        await using ApiInstance api = await ApiInstance.StartAsync(program, server, "Resource=https://api.example.com");

        Expect("health", await api.GetAsync("/health"), 200, "Healthy");
        Expect("the resource's metadata", await api.GetAsync("/.well-known/oauth-protected-resource"), 200, server.Issuer);
        Expect("the OpenAPI document", await api.GetAsync("/openapi/v1.json"), 200, "\"/pay\"");
        await api.GetAsync("/read", "unknown");
        Expect("the diagnostics page", await api.GetAsync("/_introspection"), 200, "<html");
        Expect("its decisions", await api.GetAsync("/_introspection/decisions.json"), 200, "Inactive");
    }

    private async Task CheckSignedResponsesAsync()
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        await using ApiInstance api = await ApiInstance.StartAsync(program, server, "RequireSignedResponse=true");

        Expect("a signed response", await api.GetAsync("/read", server.IssueToken("read")), 200);
        server.RespondWith(200, """{ "active": true, "scope": "read" }""");
        Expect("an unsigned one where a signed one is required", await api.GetAsync("/read", "forged"), 503, "Retry-After");
    }

    private async Task CheckClientAssertionAsync()
    {
        string file = Path.GetTempFileName();
        using var key = RSA.Create(2048);
        await File.WriteAllTextAsync(file, key.ExportPkcs8PrivateKeyPem());
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        await using ApiInstance api = await ApiInstance.StartAsync(
            program,
            server,
            "ClientSecret=",
            "ClientAuthenticationMethod=private_key_jwt",
            "SigningKeyPath=" + file
        );
        string token = server.IssueToken("read");

        Expect("a call that is authenticated by a signature", await api.GetAsync("/read", token), 200);
        Check("sends a client assertion", server.CallsFor(token)[0].Parameters.ContainsKey("client_assertion"));
        File.Delete(file);
    }

    private async Task CheckSharedCacheAsync()
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        await using EngineProcess engine = await EngineProcess.StartAsync();
        string[] settings = [.. FleetSettings.ForNode(engine.Port)];
        await using ApiInstance first = await ApiInstance.StartAsync(program, server, settings);
        await using ApiInstance second = await ApiInstance.StartAsync(program, server, settings);
        string token = server.IssueToken("read");

        Expect("a token on one node", await first.GetAsync("/read", token), 200);
        Expect("the same token on another node", await second.GetAsync("/read", token), 200);
        Check("the nodes make one call through Redis", server.CallsFor(token).Count == 1);
    }

    private void Expect(string situation, ReceivedResponse response, int status, string content = "")
    {
        bool isRight =
            response.Status == status && (response.Headers + response.Body).Contains(content, StringComparison.OrdinalIgnoreCase);
        Check($"{situation}: {status} {content}", isRight);
        if (!isRight)
            Console.WriteLine($"    received {response.Status}\n{response.Headers}\n{response.Body}");
    }

    private void Check(string expected, bool isRight)
    {
        _checks++;
        _wrong += isRight ? 0 : 1;
        Console.WriteLine($"  {(isRight ? "ok   " : "WRONG")} {expected}");
    }
}

using System.Text.Json.Nodes;
using IntrospectionAuth.Testing;
using static IntrospectionAuth.Tests.Tool.CheckFixture;

namespace IntrospectionAuth.Tests.Tool;

/// <summary>The check that rejects a token is named, with the remedy.</summary>
public sealed class CheckTokenTests : IDisposable
{
    private readonly CheckFixture _check = new();

    public void Dispose() => _check.Dispose();

    [Theory]
    [InlineData("exp", "1", "exp: expected ", "Obtain a new token. If it is new, compare the clocks")]
    [InlineData(
        "aud",
        "\"other-api\"",
        "audience: expected one of my-api; found other-api",
        "Have the client request a token for this API"
    )]
    [InlineData("token_type", "\"refresh_token\"", "type: expected an access token", "Send the access token, not a refresh token")]
    public async Task A_token_that_is_rejected_fails_the_token_step(string member, string value, string found, string remedy)
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        _check.Folder.Input = server.IssueToken(token =>
        {
            token.Audiences = ["my-api"];
            token.Members[member] = new FakeJson(value);
        });
        _check.Folder.Secrets.AddRange([_check.Folder.Input, "user-1@example.com"]);

        JsonNode fault = AssertFault(
            await _check.RunAsync("--endpoint", server.IntrospectionEndpoint, "--set", "Audiences=my-api", "--token-stdin"),
            "token",
            found: null,
            remedy: null
        );
        Assert.StartsWith(found, (string?)fault["found"], StringComparison.Ordinal);
        Assert.StartsWith(remedy, (string?)fault["remedy"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 0, "warn", "Nothing else is wrong with it. Send it with its DPoP proof or client certificate.")]
    [InlineData(false, 1, "fail", "Obtain a new token.")]
    public async Task With_RequireDPoP_only_a_bound_token_that_is_active_is_a_warning(
        bool isActive,
        int exitCode,
        string outcome,
        string remedy
    )
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        _check.Folder.Input = server.IssueToken(token => token.Members["cnf"] = new FakeJson("""{ "jkt": "a" }"""));
        _check.Folder.Secrets.Add(_check.Folder.Input);
        if (!isActive)
            server.Revoke(_check.Folder.Input);

        (int actual, JsonNode report) = await _check.RunAsync([
            "--endpoint",
            server.IntrospectionEndpoint,
            "--set",
            "RequireDPoP=true",
            "--token-stdin",
        ]);

        JsonNode step = Steps(report)[^1];
        Assert.Equal((exitCode, "token", outcome), (actual, (string?)step["step"], (string?)step["outcome"]));
        Assert.StartsWith(remedy, (string?)step["remedy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_accepted_passes_the_token_step()
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        string token = server.IssueToken("read");
        _check.Folder.Variables["INTROSPECTION_TOKEN"] = token;
        _check.Folder.Secrets.Add(token);

        (int exitCode, JsonNode report) = await _check.RunAsync("--endpoint", server.IntrospectionEndpoint);

        Assert.Equal(0, exitCode);
        Assert.Equal(("token", "ok"), ((string?)Steps(report)[^1]["step"], (string?)Steps(report)[^1]["outcome"]));
    }
}

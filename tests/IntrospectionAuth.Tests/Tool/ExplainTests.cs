using System.Text.Json.Nodes;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Tests.Tool;

/// <summary><c>explain</c> shows every check of a token, in the order in which the API makes them.</summary>
public sealed class ExplainTests : IAsyncLifetime
{
    private readonly ToolFolder _folder = new();
    private FakeAuthorizationServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeAuthorizationServer.ListenAsync();
        _folder.Secrets.AddRange(["user-1", "a-subject-of-a-person"]);
        WriteSettings("");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_token_that_the_API_accepts_passes_every_check()
    {
        ToolResult result = await ExplainAsync(_server.IssueToken("read"));

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("ok    response", result.Output, StringComparison.Ordinal);
        Assert.Contains("The API accepts this token.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_check_that_fails_has_what_it_expects_what_it_finds_and_the_remedy()
    {
        WriteSettings(""", "Audiences": ["my-api", "my-other-api"]""");

        ToolResult result = await ExplainAsync(
            _server.IssueToken(token =>
            {
                token.Subject = "a-subject-of-a-person";
                token.Audiences = ["billing"];
            })
        );

        Assert.Equal(1, result.ExitCode);
        string text = string.Join(' ', result.Output.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("FAIL audience expected one of my-api, my-other-api found billing", text, StringComparison.Ordinal);
        Assert.Contains("- type not reached: expects an access token", text, StringComparison.Ordinal);
        Assert.Contains(
            "The API rejects this token: WrongAudience. Fix: Have the client request a token for this API",
            text,
            StringComparison.Ordinal
        );
        Assert.All(result.Output.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public async Task JSON_has_every_check_in_order()
    {
        WriteSettings(""", "RequiredClaims": ["org_id"]""");

        ToolResult result = await ExplainAsync(_server.IssueToken("read"), "--json");
        JsonNode report = JsonNode.Parse(result.Output)!;
        JsonNode[] checks = [.. report["checks"]!.AsArray().Select(check => check!)];

        Assert.Equal(("fail", "MissingRequiredClaim"), ((string?)report["outcome"], (string?)report["failure"]));
        Assert.Equal("token", (string?)checks[0]["check"]);
        JsonNode failed = Assert.Single(checks, check => (string?)check["outcome"] == "fail");
        Assert.Contains("org_id", (string?)failed["check"], StringComparison.Ordinal);
        Assert.NotNull(report["remedy"]);
    }

    [Fact]
    public async Task A_token_that_is_bound_to_a_key_is_a_warning()
    {
        var binding = new Dictionary<string, object?>(StringComparer.Ordinal) { ["jkt"] = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" };

        ToolResult result = await ExplainAsync(_server.IssueToken(token => token.Members["cnf"] = binding), "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("warn", (string?)JsonNode.Parse(result.Output)!["outcome"]);
    }

    [Theory]
    [InlineData("""{ "jkt": "a" }""", 0, "warn", "BindingNotProved")]
    [InlineData("""{ "x5t#S256": "a" }""", 1, "fail", "NotBound")]
    [InlineData("""{ "kid": "a" }""", 1, "fail", "BindingNotProved")] // a binding that no request can prove
    [InlineData("null", 1, "fail", "NotBound")]
    [InlineData(null, 1, "fail", "Inactive")]
    public async Task With_RequireDPoP_a_token_is_introspected_and_must_be_bound_to_a_key(
        string? cnf,
        int exitCode,
        string outcome,
        string failure
    )
    {
        WriteSettings(""", "RequireDPoP": true""");
        string token = cnf is null ? "a-token-that-no-server-has-issued" : _server.IssueToken(it => it.Members["cnf"] = new FakeJson(cnf));

        ToolResult result = await ExplainAsync(token, "--json");

        JsonNode report = JsonNode.Parse(result.Output)!;
        Assert.Equal((exitCode, outcome, failure), (result.ExitCode, (string?)report["outcome"], (string?)report["failure"]));
        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task A_server_that_fails_is_not_the_fault_of_the_token()
    {
        _server.RespondWith(500);

        ToolResult result = await ExplainAsync("a-token-of-some-length");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("The API responds 503: whether the token is active is not known.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_argument_is_remembered_by_shells_which_is_said()
    {
        string token = _server.IssueToken("read");
        _folder.Secrets.Add(token);

        ToolResult result = await _folder.RunAsync("explain", token);

        Assert.Equal(
            (0, "Your shell may remember this token. Pipe it next time: --token-stdin"),
            (result.ExitCode, result.Error.TrimEnd())
        );
    }

    [Fact]
    public async Task A_configuration_that_is_not_valid_is_said_in_place_of_the_checks()
    {
        WriteSettings(""", "Audience": "my-api" """);

        ToolResult result = await ExplainAsync("a-token-of-some-length");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("Audience is not a setting. Did you mean Audiences? Known settings are ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("explain")]
    [InlineData("explain --token-stdin --secret-stdin")]
    [InlineData("explain a-token --token-stdin")]
    [InlineData("check --token-stdin --secret-stdin")]
    public async Task A_token_is_needed_once(string commandLine)
    {
        ToolResult result = await _folder.RunAsync(commandLine.Split(' '));

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.NotEqual("", result.Error);
    }

    private void WriteSettings(string more) =>
        _folder.WriteSettings(
            $$"""{ "Authority": "{{_server.Issuer}}", "ClientId": "api", "ClientSecret": "{{_server.ClientSecret}}"{{more}} }"""
        );

    private Task<ToolResult> ExplainAsync(string token, params string[] args)
    {
        _folder.Input = token + "\n";
        _folder.Secrets.Add(token);
        return _folder.RunAsync(["explain", "--token-stdin", .. args]);
    }
}

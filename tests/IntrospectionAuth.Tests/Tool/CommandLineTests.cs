using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Conventions;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tests.Tool;

/// <summary>What the command line accepts, where settings come from, and what a terminal shows.</summary>
public sealed partial class CommandLineTests : IDisposable
{
    private const string Token = "eyJhbGciOiJub25lIn0.a-token-that-stays-secret";
    private const string Secret = "a-secret-on-the-command-line";

    private readonly ToolFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("chekc", "Unrecognized command or argument 'chekc'.")]
    [InlineData("check --unknown", "Unrecognized command or argument '--unknown'.")]
    [InlineData("check --client-secret @secret.txt", "Unrecognized command or argument '--client-secret'.")]
    [InlineData("check --client-secret:x", "Unrecognized command or argument '--client-secret:…'.")]
    [InlineData("serve --port:x", "Cannot parse argument '…' for option '--port'")]
    [InlineData("check --client-id a --set clientid=b", "The command line sets ClientId twice. Remove one.")]
    [InlineData("check --set ClientSecret= --secret-stdin", "The command line sets ClientSecret twice. Remove one.")]
    [InlineData("token --expires-in 3651d", "--expires-in is not a time of at most 3650d.")]
    [InlineData("token --expires-in 20000000d", "--expires-in is not a time of at most 3650d.")]
    [InlineData("check --settings nowhere", "nowhere does not exist. Name an appsettings.json or its folder.")]
    [InlineData("check --set Audiences", "--set needs a name and a value: --set Audiences:0=my-api")]
    [InlineData("serve --port 70000", "--port is a number from 0 to 65535.")]
    [InlineData("revoke", "Name a token: as an argument, by --token-stdin, or in INTROSPECTION_TOKEN.")]
    public async Task A_wrong_command_line_is_explained_and_exits_with_2(string commandLine, string message)
    {
        _folder.Input = Secret;
        _folder.Secrets.Add(Secret);

        ToolResult result = await _folder.RunAsync(commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check " + Token)]
    [InlineData("--token " + Token)]
    [InlineData("serve --port " + Token)]
    [InlineData("check --set ClientSecret=" + Secret)]
    [InlineData("check --set ClientCredentials:Secret=" + Secret)]
    [InlineData("check --set SharedCache:Secrets:0=" + Secret)]
    [InlineData("check --client-secret " + Secret)]
    [InlineData("check --client-secret=" + Secret)]
    [InlineData("check --client-secret hunter2-xyz")]
    [InlineData("check --client-secret:hunter2-xyz")]
    [InlineData("check --client-secret @{file}")]
    [InlineData("check --secret-stdin=hunter2-xyz")]
    [InlineData("check --secret-stdin:hunter2-xyz")]
    [InlineData("serve --port hunter2-xyz")]
    [InlineData("serve --port=hunter2-xyz")]
    [InlineData("hunter2-xyz-is-also-a-long-secret")]
    public async Task A_token_or_secret_in_a_wrong_place_is_not_repeated(string commandLine)
    {
        _folder.Secrets.AddRange([Token, Secret, "hunter2-xyz"]);
        _folder.Write("secret.txt", Secret);
        string file = Path.Combine(_folder.Path, "secret.txt");

        ToolResult result = await _folder.RunAsync([.. commandLine.Split(' ').Select(it => it == "@{file}" ? "@" + file : it)]);

        Assert.Equal(2, result.ExitCode);
        Assert.NotEqual("", result.Error);
    }

    [Theory]
    [InlineData("check --endpoint http://127.0.0.1:9/introspect --method none --client-id a\u001b[31mb")]
    [InlineData("check --settings a\u001b[31mb")]
    [InlineData("check a\u001b[31mb")]
    [InlineData("a\u001b[31mb")]
    [InlineData("explain " + Token + " --endpoint http://127.0.0.1:9/introspect --set Realm\u001b[31m=b")]
    public async Task No_text_controls_the_terminal(string commandLine)
    {
        ToolResult result = await _folder.RunAsync(commandLine.Split(' '));

        Assert.DoesNotContain('\u001b', result.Output + result.Error);
    }

    [Fact]
    public async Task A_file_that_is_not_JSON_is_named_with_the_line_and_not_quoted()
    {
        _folder.Write("appsettings.json", "{\n  \"ClientSecret\": a-secret-on-the-command-line\n}");
        _folder.Secrets.Add(Secret);

        ToolResult result = await _folder.RunAsync("check");

        Assert.Equal(
            (2, "appsettings.json is not valid JSON at line 2. Correct it, then try again."),
            (result.ExitCode, result.Error.TrimEnd())
        );
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_named()
    {
        _folder.WriteSettings("{}");
        await using var locked = new FileStream(
            Path.Combine(_folder.Path, "appsettings.json"),
            FileMode.Open,
            FileAccess.ReadWrite,
            FileShare.None
        );

        ToolResult result = await _folder.RunAsync("check");

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("appsettings.json cannot be read. ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_an_empty_secret_may_be_on_the_command_line_and_it_precedes_the_variable()
    {
        await using var server = await FakeAuthorizationServer.ListenAsync(options =>
        {
            options.Provider = FakeAuthorizationServerProvider.VMwareCloud;
            options.ClientSecret = "";
        });
        _folder.Variables["INTROSPECTION_CLIENT_SECRET"] = Secret;

        (int exitCode, JsonNode report) = await _folder.CheckAsync([
            .. (string[])["--authority", server.Issuer, "--client-id", server.ClientId],
            .. (string[])["--set", "Provider=VMwareCloud", "--set", "ClientSecret="],
        ]);

        Assert.True(exitCode == 0, report.ToJsonString());
        Assert.Contains(report["steps"]!.AsArray(), step => (string?)step!["step"] == "introspection" && (string?)step["outcome"] == "ok");
    }

    [Fact]
    public async Task Settings_come_from_the_sources_of_an_application_in_its_order()
    {
        await using var server = await FakeAuthorizationServer.ListenAsync();
        _folder.WriteSettings("""{ "Authority": "https://auth.example.com", "ClientId": "other", "ClientSecret": "other" }""");
        _folder.WriteSettings(
            $$"""{ "Authority": "{{server.Issuer}}", "ClientSecret": "{{server.ClientSecret}}" }""",
            "appsettings.Staging.json"
        );

        (int exitCode, JsonNode report) = await _folder.CheckAsync("--environment", "Staging", "--client-id", server.ClientId);

        Assert.Equal(0, exitCode);
        Assert.Equal("Staging", (string?)report["environment"]);
        Assert.Equal(
            ["appsettings.json", "appsettings.Staging.json", "command line"],
            report["sources"]!.AsArray().Select(source => (string)source!)
        );
    }

    [Fact]
    public async Task A_command_line_that_names_a_server_ignores_the_settings_in_the_folder()
    {
        await using var server = await FakeAuthorizationServer.ListenAsync(options => options.ClientSecret = Secret);
        _folder.WriteSettings("""{ "Audience": "this is not a setting" }""");
        _folder.Input = Secret + "\n";
        _folder.Secrets.Add(Secret);

        (int exitCode, JsonNode report) = await _folder.CheckAsync("--authority", server.Issuer, "--client-id", "api", "--secret-stdin");

        Assert.Equal(0, exitCode);
        Assert.Equal("command line", (string?)Assert.Single(report["sources"]!.AsArray()));
    }

    [Fact]
    public async Task A_terminal_shows_words_and_colors_and_a_file_words_alone()
    {
        await using var server = await FakeAuthorizationServer.ListenAsync(options => options.ClientSecret = Secret);
        string[] args = ["check", "--authority", server.Issuer, "--client-id", "api", "--secret-stdin"];

        _folder.Input = "another-secret-that-is-wrong";
        ToolResult file = await _folder.RunAsync(args);

        Assert.DoesNotContain('\u001b', file.Output);
        Assert.Contains("ok    Metadata       issuer is Authority", file.Output, StringComparison.Ordinal);
        Assert.Contains("FAIL  Introspection  ", file.Output, StringComparison.Ordinal);
        Assert.Contains("1 step failed.", file.Output, StringComparison.Ordinal);
        Assert.All(file.Output.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 80, line));
    }

    [Theory]
    [InlineData(null, "xterm-256color", true)]
    [InlineData("", "xterm-256color", true)]
    [InlineData("1", "xterm-256color", false)]
    [InlineData(null, "dumb", false)]
    [InlineData(null, null, true)]
    public void NO_COLOR_and_dumb_terminals_turn_colors_off(string? noColor, string? term, bool expected) =>
        Assert.Equal(
            expected,
            ToolHost.AllowsColors(name =>
                name switch
                {
                    "NO_COLOR" => noColor,
                    "TERM" => term,
                    _ => null,
                }
            )
        );

    [Theory]
    [InlineData("check")]
    [InlineData("explain")]
    [InlineData("serve")]
    [InlineData("token")]
    [InlineData("revoke")]
    public async Task The_page_about_the_tool_has_every_argument_of_a_command(string command)
    {
        ToolResult result = await _folder.RunAsync(command, "--help");
        string[] arguments =
        [
            .. OptionName().Matches(result.Output).Select(match => match.Value).Except(["--help"], StringComparer.Ordinal),
        ];

        Assert.NotEmpty(arguments);
        Assert.All(arguments, argument => Assert.Contains(argument, Repository.Read("docs/tool.md"), StringComparison.Ordinal));
        Assert.Contains($"](#{command})", Repository.Read("docs/tool.md"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData]
    public async Task Help_lists_the_commands(params string[] args)
    {
        ToolResult result = await _folder.RunAsync(args);

        Assert.Equal(0, result.ExitCode);
        Assert.All(
            ["check", "explain", "serve", "token", "revoke"],
            command => Assert.Contains($"  {command}", result.Output, StringComparison.Ordinal)
        );
    }

    [GeneratedRegex("(?<=^ +)--[a-z-]+", RegexOptions.Multiline, 1000)]
    private static partial Regex OptionName();
}

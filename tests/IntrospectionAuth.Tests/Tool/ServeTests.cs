using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tool.Serving;
using IntrospectionAuth.Tool.Terminal;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tests.Tool;

/// <summary><c>serve</c>, <c>token</c> and <c>revoke</c>.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly ToolFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_printed_settings_work_as_they_are()
    {
        await using RunningServe serve = await RunningServe.StartAsync(_folder);
        string json = serve.Output[serve.Output.IndexOf('{', StringComparison.Ordinal)..(serve.Output.LastIndexOf('}') + 1)];
        _folder.Write("appsettings.json", "{}");
        _folder.Write("appsettings.Development.json", json);

        (int exitCode, JsonNode report) = await _folder.CheckAsync();

        Assert.Equal(0, exitCode);
        Assert.Equal("appsettings.Development.json", (string?)Assert.Single(report["sources"]!.AsArray()));
    }

    [Fact]
    public async Task A_token_is_all_that_token_prints_and_it_is_active_until_it_is_revoked()
    {
        await using RunningServe serve = await RunningServe.StartAsync(_folder);

        ToolResult issued = await _folder.RunAsync("token", "--url", serve.Url, "--scope", "read");
        string token = issued.Output.TrimEnd();
        string before = await IntrospectAsync(serve, token);
        _folder.Secrets.Add(token);
        ToolResult revoked = await _folder.RunAsync("revoke", token, "--url", serve.Url);
        string after = await IntrospectAsync(serve, token);

        Assert.Equal((0, "", 40), (issued.ExitCode, issued.Error, token.Length));
        Assert.Contains("\"active\":true", before, StringComparison.Ordinal);
        Assert.Contains("\"scope\":\"read\"", before, StringComparison.Ordinal);
        Assert.Equal(0, revoked.ExitCode);
        Assert.Equal("""{"active":false}""", after);
    }

    [Fact]
    public async Task A_token_has_what_the_command_line_says()
    {
        await using RunningServe serve = await RunningServe.StartAsync(_folder);

        ToolResult issued = await _folder.RunAsync([
            .. (string[])["token", "--url", serve.Url, "--scope", "read write", "--scope", "admin", "--audience", "my-api"],
            .. (string[])
                ["--subject", "@user-7", "--claim", "org_id=org_1", "--claim", "level:=5", "--claim", "url=a=b", "--expires-in", "10m"],
        ]);
        JsonNode response = JsonNode.Parse(await IntrospectAsync(serve, issued.Output.TrimEnd()))!;

        Assert.Equal("read write admin", (string?)response["scope"]);
        Assert.Equal("my-api", (string?)response["aud"]);
        Assert.Equal("@user-7", (string?)response["sub"]);
        Assert.Equal("org_1", (string?)response["org_id"]);
        Assert.Equal(5, (int?)response["level"]);
        Assert.Equal("a=b", (string?)response["url"]);
        Assert.Equal(600, (long)response["exp"]! - (long)response["iat"]!);
    }

    [Theory]
    [InlineData("--expires-in", "soon", "--expires-in is not a time of at most 3650d. Write seconds (90), or 90s, 10m, 2h, 7d.")]
    [InlineData("--claim", "org_id", "--claim needs a name and a value: --claim org_id=org_1, or with JSON: --claim level:=5")]
    [InlineData("--claim", "level:=five", "The value of the claim level is not JSON. Write a text with = in place of :=.")]
    [InlineData(
        "--url",
        "http://auth.example.com",
        "--url is not the address that 'dotnet introspection serve' prints, such as http://127.0.0.1:7662."
    )]
    public async Task A_wrong_option_of_token_is_named(string option, string value, string message)
    {
        ToolResult result = await _folder.RunAsync("token", option, value);

        Assert.Equal((2, "", message), (result.ExitCode, result.Output, result.Error.TrimEnd()));
    }

    [Fact]
    public async Task Without_a_running_server_token_names_the_command_that_starts_one()
    {
        ToolResult result = await _folder.RunAsync("token", "--url", "http://127.0.0.1:9");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("No server runs at http://127.0.0.1:9. Start one: dotnet introspection serve --port 9", result.Error.TrimEnd());
    }

    [Theory]
    [InlineData("token", 404, "not here")]
    [InlineData("token", 200, "")]
    [InlineData("token", 200, "OK")]
    [InlineData("token", 200, "\u001b[2J")]
    [InlineData("token", 204, "")]
    [InlineData("revoke a-token", 200, "")]
    [InlineData("revoke a-token", 204, "")]
    [InlineData("revoke a-token", 404, "")]
    public async Task The_response_of_another_program_at_the_port_is_not_believed(string command, int status, string body)
    {
        await using StubServer other = await StubServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return body.Length > 0 ? context.Response.WriteAsync(body) : Task.CompletedTask;
        });
        string keys = Directory.CreateDirectory(Path.Combine(_folder.DataPath, "IntrospectionAuth")).FullName;
        await File.WriteAllTextAsync(Path.Combine(keys, $"serve-{other.Address.Port}.key"), "of a server that was killed");

        ToolResult result = await _folder.RunAsync([.. command.Split(' '), "--url", other.Address.AbsoluteUri]);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Equal($"{other.Address} is another program, or a server of another user. Name yours with --url.", result.Error.TrimEnd());
    }

    [Fact]
    public async Task A_token_that_the_server_does_not_know_is_not_revoked()
    {
        await using RunningServe serve = await RunningServe.StartAsync(_folder);
        _folder.Variables["INTROSPECTION_TOKEN"] = "an-unknown-token-of-some-length";
        _folder.Secrets.Add("an-unknown-token-of-some-length");

        ToolResult result = await _folder.RunAsync("revoke", "--url", serve.Url);

        Assert.Equal(1, result.ExitCode);
        Assert.EndsWith("is unknown to the server, or revoked before.", result.Error.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("without the key", null, "127.0.0.1", HttpStatusCode.Forbidden)]
    [InlineData("with another key", "00", "127.0.0.1", HttpStatusCode.Forbidden)]
    [InlineData("of a page whose name leads to this machine", "", "evil.example.com", HttpStatusCode.Forbidden)]
    [InlineData("of a host name that is not valid", "", "xn--0", HttpStatusCode.Forbidden)] // Request.Host throws
    [InlineData("of the same user", "", "localhost", HttpStatusCode.OK)]
    public async Task Only_the_same_user_gets_tokens(string caller, string? key, string host, HttpStatusCode expected)
    {
        await using RunningServe serve = await RunningServe.StartAsync(_folder);
        string file = Assert.Single(Directory.GetFiles(Path.Combine(_folder.DataPath, "IntrospectionAuth")));
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, serve.Url + "/dotnet-introspection/tokens");
        request.Content = new FormUrlEncodedContent([]);
        request.Headers.Host = host;
        if (key is not null)
            request.Headers.Add("Introspection-Key", key.Length > 0 ? key : await File.ReadAllTextAsync(file));

        using HttpResponseMessage response = await client.SendAsync(request);

        Assert.True(response.StatusCode == expected, $"A request {caller} got {response.StatusCode}.");
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public async Task Only_the_user_may_read_the_key_and_it_goes_with_the_server()
    {
        await using RunningServe serve = await RunningServe.StartAsync(_folder);
        string file = Assert.Single(Directory.GetFiles(Path.Combine(_folder.DataPath, "IntrospectionAuth")));

        UnixFileMode mode = File.GetUnixFileMode(file);
        int exitCode = await serve.StopAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
        Assert.Equal(0, exitCode);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        await using RunningServe serve = await RunningServe.StartAsync(_folder);
        string port = new Uri(serve.Url).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

        ToolResult result = await _folder.RunAsync("serve", "--port", port);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith($"Port {port} is in use. Choose another one: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_the_system_refuses_is_named()
    {
        await using var output = new StringWriter();

        FailureException failure = await Assert.ThrowsAsync<FailureException>(() =>
            ServedServer.StartAsync(
                _folder.CreateHost(output, output),
                static options =>
                {
                    options.Port = 80;
                    throw new SocketException((int)SocketError.AccessDenied); // as Kestrel does; root and some systems may open any port
                },
                static (_, _, _) => { }
            )
        );

        Assert.Equal("Port 80 cannot be opened (AccessDenied). Choose another one: dotnet introspection serve --port 0", failure.Message);
    }

    [Fact]
    public async Task A_folder_in_which_no_key_can_be_written_is_named()
    {
        await File.WriteAllTextAsync(_folder.DataPath, "a file in place of the folder");

        ToolResult result = await _folder.RunAsync("serve", "--port", "0");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith(
            "The key for 'token' and 'revoke' cannot be written to " + _folder.DataPath,
            result.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_key_that_cannot_be_read_is_named()
    {
        await using RunningServe serve = await RunningServe.StartAsync(_folder);
        string file = Assert.Single(Directory.GetFiles(Path.Combine(_folder.DataPath, "IntrospectionAuth")));
        await using var locked = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        ToolResult result = await _folder.RunAsync("token", "--url", serve.Url);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("The key of the server cannot be read from " + file, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_gone_does_not_keep_the_server_from_ending()
    {
        await using RunningServe serve = await RunningServe.StartAsync(_folder);
        Directory.Delete(_folder.DataPath, recursive: true);

        Assert.Equal(0, await serve.StopAsync());
    }

    [Fact]
    public async Task Requests_are_shown_with_what_came_of_them_and_without_the_token()
    {
        await using RunningServe serve = await RunningServe.StartAsync(_folder);
        string token = (await _folder.RunAsync("token", "--url", serve.Url)).Output.TrimEnd();

        await IntrospectAsync(serve, token);
        await IntrospectAsync(serve, "unknown");
        await IntrospectAsync(serve, "unknown", secret: "wrong");
        await serve.WaitForAsync(": active");
        await serve.WaitForAsync(": not active");
        await serve.WaitForAsync(": 401: the client id, the secret or the method is not the one above");

        Assert.DoesNotContain(token, serve.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_of_the_user_is_accepted_and_not_printed()
    {
        _folder.Variables["INTROSPECTION_CLIENT_SECRET"] = "the-users-own-secret";
        await using RunningServe serve = await RunningServe.StartAsync(_folder, "--client-id", "my-api");

        string response = await IntrospectAsync(serve, "unknown", "my-api", "the-users-own-secret");

        Assert.Equal("""{"active":false}""", response);
        Assert.DoesNotContain("the-users-own-secret", serve.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\"ClientSecret\"", serve.Output, StringComparison.Ordinal);
    }

    private static async Task<string> IntrospectAsync(
        RunningServe serve,
        string token,
        string clientId = "api",
        string secret = "secret-of-the-fake"
    )
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var form = new FormUrlEncodedContent([
            KeyValuePair.Create("token", token),
            KeyValuePair.Create("client_id", clientId),
            KeyValuePair.Create("client_secret", secret),
        ]);
        using HttpResponseMessage response = await client.PostAsync(serve.Url + "/introspect", form);
        return await response.Content.ReadAsStringAsync();
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary><c>dotnet new introspection-api</c> as a user has it.</summary>
public sealed partial class TemplateTests(CreatedApis apis) : IClassFixture<CreatedApis>
{
    private const string Audiences = """["https://notes.example.com", "https://notes.example.org"]""";

    // One build for all providers and all kinds of names, because a build takes long.
    [Fact]
    public async Task Created_APIs_pass_their_tests_after_the_steps_of_their_README_and_serve()
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync(static it => it.ClientSecret = "a secret");
        await using FakeAuthorizationServer attio = await FakeAuthorizationServer.ListenAsync(static it =>
            it.Provider = FakeAuthorizationServerProvider.Attio
        );
        await apis.CreateAsync("Notes", "--authority", server.Issuer);
        await apis.CreateAsync("my-notes", "--provider", "attio");
        await apis.CreateAsync("Contoso.Notes", "--provider", "workos");
        await apis.CreateAsync("2nd notes", "--provider", "vmware");
        apis.ReplaceInSettings("Notes", "\"ClientId\": \"api\"", $"\"ClientId\": \"api\", \"Audiences\": {Audiences}");
        apis.ReplaceInSettings("my-notes", "your-attio-client-id", "client-7");
        apis.ReplaceInSettings("Contoso.Notes", "\"ClientId\": \"api\"", $"\"ClientId\": \"client-7\", \"Audiences\": {Audiences}");
        apis.ReplaceInSettings("Contoso.Notes", "https://auth.example.com", "https://login.example.org");
        apis.ReplaceInSettings("2nd notes", "https://auth.example.com", "https://console.example.org");

        string tests = await apis.TestAsync("Notes", "my-notes", "Contoso.Notes", "2nd notes");

        Assert.Equal(4, tests.Split("Passed!").Length - 1);
        await AssertReadmeNamesFoldersAsync("my-notes");
        await apis.ServeAsync("Notes", "ClientSecret", "a secret", client => AssertServesAsync(client, server));
        await apis.ServeAsync(
            "my-notes",
            "IntrospectionEndpoint",
            attio.IntrospectionEndpoint,
            client => AssertRejectsTokensOfOtherAppsAsync(client, attio)
        );
    }

    [Theory]
    [InlineData("attio", "\"Provider\": \"Attio\"")]
    [InlineData("workos", "\"Provider\": \"WorkOS\"")]
    [InlineData("vmware", "\"Provider\": \"VMwareCloud\"")]
    public async Task A_provider_is_set_in_appsettings_and_tests_can_be_left_out(string provider, string setting)
    {
        string name = "untested-" + provider;
        await apis.CreateAsync(name, "--provider", provider, "--tests", "false");

        string settings = apis.Read(name, "appsettings.json");
        Assert.Contains(setting, settings, StringComparison.Ordinal);
        Assert.DoesNotContain("#if", settings, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(apis.Folder, name, name + ".Tests")));
    }

    [Fact]
    public async Task APIs_of_the_same_name_do_not_share_their_user_secrets()
    {
        await apis.CreateAsync("Api", "--output", "one", "--tests", "false");
        await apis.CreateAsync("Api", "--output", "two", "--tests", "false");

        Assert.NotEqual(UserSecretsIdOf("one"), UserSecretsIdOf("two"));
    }

    private Guid UserSecretsIdOf(string folder)
    {
        string project = File.ReadAllText(Path.Combine(apis.Folder, folder, "Api", "Api.csproj"));
        return Guid.Parse(UserSecretsId().Match(project).Groups["id"].Value);
    }

    private async Task AssertReadmeNamesFoldersAsync(string name)
    {
        string readme = await File.ReadAllTextAsync(Path.Combine(apis.Folder, name, "README.md"));

        Assert.DoesNotContain("#if", readme, StringComparison.Ordinal);
        Assert.Equal([name, name + ".Tests"], Argument().Matches(readme).Select(match => match.Groups["folder"].Value));
    }

    private static async Task AssertServesAsync(HttpClient client, FakeAuthorizationServer server)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(client, "/notes"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(client, "/notes", Issue(server, "read", "https://notes.example.com")));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(client, "/notes", Issue(server, "other", "https://notes.example.com")));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(client, "/health"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(client, "/_introspection"));
        Assert.Contains("\"/notes\"", await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)), StringComparison.Ordinal);
    }

    private static async Task AssertRejectsTokensOfOtherAppsAsync(HttpClient client, FakeAuthorizationServer attio)
    {
        Assert.Equal(HttpStatusCode.OK, await GetAsync(client, "/notes", Issue(attio, "read", "client-7")));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(client, "/notes", Issue(attio, "read", "client-of-another-developer")));
    }

    private static string Issue(FakeAuthorizationServer server, string scope, params string[] audiences) =>
        server.IssueToken(token =>
        {
            token.Scopes = [scope];
            token.Audiences = audiences;
        });

    private static async Task<HttpStatusCode> GetAsync(HttpClient client, string path, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await client.SendAsync(request);
        return response.StatusCode;
    }

    [GeneratedRegex(@"(--project|dotnet test) (?<folder>[^\s`]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Argument();

    [GeneratedRegex("<UserSecretsId>(?<id>.*)</UserSecretsId>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UserSecretsId();
}

using System.Text.RegularExpressions;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary>docs/servers/: a page for each server says how it is known, and its settings accept its response.</summary>
public sealed class ServerPagesTests
{
    private const string Folder = "docs/servers/";
    private const string Index = Folder + "README.md";

    private static readonly string[] s_headings = ["Register", "Configure", "The response", "Habits", "When it goes wrong", "Revocation"];

    private static readonly string[] s_pages =
    [
        .. DocumentationTests
            .Pages.Select(row => row.Data)
            .Where(page => page.StartsWith(Folder, StringComparison.Ordinal) && page != Index),
    ];

    public static TheoryData<string> Pages => [.. s_pages];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task The_first_response_of_a_page_is_accepted_and_every_other_one_rejected_with_its_settings(string page)
    {
        string settings = PageSettings.Of(page).First();
        string[] responses =
        [
            .. DocumentationTests.Blocks(page, "json").Where(block => block.Contains("\"active\"", StringComparison.Ordinal)),
        ];

        Assert.NotEmpty(responses);
        foreach ((int index, string response) in responses.Index())
        {
            OAuthIntrospectionResult result = await IntrospectAsync(settings, response);
            if (index == 0)
                Assert.True(result.Succeeded, $"{result.Failure}: {response}");
            else
                Assert.True(result.Failure is not null and not OAuthIntrospectionFailure.Unavailable, $"{result.Failure}: {response}");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_has_the_headings_of_the_others_in_their_order(string page) =>
        Assert.Equal(
            s_headings,
            DocumentationTests
                .Lines(Repository.Read(page))
                .Where(line => line.StartsWith("## ", StringComparison.Ordinal))
                .Select(line => line[3..])
        );

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_says_how_the_server_is_known_and_proves_it(string page)
    {
        string text = Repository.Read(page).ReplaceLineEndings("\n");
        string status = text.Split("\n\n")[1];
        string[] row = DocumentationTests
            .Rows(Index, "Server")
            .Single(row => row[0].EndsWith($"]({Path.GetFileName(page)})", StringComparison.Ordinal));
        string[] sources = [.. DocumentationTests.Rows(page, "Habit").Select(habit => habit[2])];

        switch (row[1].Split(": "))
        {
            case ["Tested", var version]:
                Assert.StartsWith($"**Tested**: version {version} ", status, StringComparison.Ordinal);
                Assert.Matches(@"\(\.\./\.\./tests/IntrospectionAuth\.(Interop|Servers)/", text);
                break;
            case ["Run here", var version]:
                Assert.Matches($@"^\*\*Run here\*\*: [\w-]+ {Regex.Escape(version)}, by hand, on \d{{4}}-\d\d-\d\d\.", status);
                Assert.Contains("run", sources);
                break;
            case ["From documentation"]:
                Assert.Matches(@"^\*\*From (its|their) documentation\*\*, not run here\. Sources?:", status);
                Assert.Contains("]: https://", text, StringComparison.Ordinal);
                Assert.DoesNotContain("run", sources);
                break;
            default:
                Assert.Fail($"How is {page} known? The index says: {row[1]}");
                break;
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_names_only_messages_options_and_members_that_exist(string page)
    {
        string[] ofServers = ["SetIntrospectionEndpointUris", "ApiResource", "ApiSecrets"];
        IEnumerable<string> cells = DocumentationTests
            .Rows(page, "You see")
            .SelectMany(row => row)
            .Concat(DocumentationTests.Rows(page, "Habit").Select(row => row[1]));

        Assert.Empty(cells.SelectMany(KnownNames.UnknownIn).Except(ofServers, StringComparer.Ordinal));
    }

    private static async Task<OAuthIntrospectionResult> IntrospectAsync(string json, string response)
    {
        string scheme = PageSettings.SchemesOf(json).Single();
        IConfigurationRoot configuration = PageSettings.Complete(json, scheme);
        OAuthIntrospectionOptions settings = PageSettings.Read(scheme, configuration);

        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddAuthentication().AddOAuthIntrospection(scheme, options => options.TimeProvider = new ManualTimeProvider());
        services
            .AddHttpClient(OAuthIntrospectionDefaults.GetHttpClientName(scheme))
            .ConfigurePrimaryHttpMessageHandler(() => new PageServer(settings, response));
        await using ServiceProvider provider = services.BuildServiceProvider();
        return await provider.GetRequiredService<OAuthIntrospector>().IntrospectAsync("2YotnFZFEjr1zCsicMWpAA", scheme);
    }
}

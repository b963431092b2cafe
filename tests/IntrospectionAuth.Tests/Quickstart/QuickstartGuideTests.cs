using System.Net;
using IntrospectionAuth.Tests.Challenge;

namespace IntrospectionAuth.Tests.Quickstart;

/// <summary>The output of the quickstart.</summary>
public sealed class QuickstartGuideTests
{
    [Fact]
    public async Task The_printed_curl_commands_get_the_printed_statuses()
    {
        await using SampleProcess quickstart = await SampleProcess.StartAsync();
        (IReadOnlyList<HttpStatusCode> printed, IReadOnlyList<HttpStatusCode> received) = await PrintedCommands.RunAsync(quickstart);

        Assert.Equal(
            [
                HttpStatusCode.OK,
                HttpStatusCode.Unauthorized,
                HttpStatusCode.Forbidden,
                HttpStatusCode.NoContent,
                HttpStatusCode.Unauthorized,
            ],
            received
        );
        Assert.Equal(printed, received);
    }

    [Fact]
    public async Task The_page_is_served_from_any_working_directory_and_contains_no_secret()
    {
        await using SampleProcess quickstart = await SampleProcess.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(quickstart.Address) };

        string everything =
            await client.GetStringAsync(new Uri("/", UriKind.Relative))
            + await client.GetStringAsync(new Uri("/quickstart.js", UriKind.Relative))
            + await client.GetStringAsync(new Uri("/quickstart.css", UriKind.Relative))
            + await client.GetStringAsync(new Uri("/demo", UriKind.Relative))
            + string.Concat(quickstart.Lines);

        Assert.Contains("<h1>IntrospectionAuth quickstart</h1>", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-of-the-fake", everything, StringComparison.Ordinal);
    }
}

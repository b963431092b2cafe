using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using IntrospectionAuth.Tests.Challenge;

namespace IntrospectionAuth.Tests.Quickstart;

/// <summary>The output of the quickstart.</summary>
public sealed partial class QuickstartGuideTests
{
    [Fact]
    public async Task The_printed_curl_commands_get_the_printed_statuses()
    {
        await using SampleProcess quickstart = await SampleProcess.StartAsync();
        using var client = new HttpClient();

        var printed = new List<HttpStatusCode>();
        var received = new List<HttpStatusCode>();
        foreach (
            (string title, string line) in quickstart
                .Lines.Zip(quickstart.Lines.Skip(1))
                .Where(pair => pair.Second.Contains("curl", StringComparison.Ordinal))
        )
        {
            using HttpRequestMessage request = Read(line);
            using HttpResponseMessage response = await client.SendAsync(request);
            printed.Add(Enum.Parse<HttpStatusCode>(title[^3..]));
            received.Add(response.StatusCode);
        }

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

    /// <summary>Runs a curl command with the options that the guide uses.</summary>
    private static HttpRequestMessage Read(string line)
    {
        Match match = CurlLine.Match(line);
        Assert.True(match.Success, $"Not understood: {line}");

        var request = new HttpRequestMessage(HttpMethod.Get, match.Groups["url"].Value);
        if (match.Groups["data"] is { Success: true } data)
        {
            request.Method = HttpMethod.Post;
            request.Content = new StringContent(data.Value, MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded"));
        }

        if (match.Groups["method"] is { Success: true } method)
            request.Method = HttpMethod.Parse(method.Value);
        if (match.Groups["token"] is { Success: true } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        return request;
    }

    [GeneratedRegex(
        """^\s*curl -i( -X (?<method>[A-Z]+))? (?<url>http\S+)( -H "Authorization: Bearer (?<token>\w+)")?( -d (?<data>token=\w+))?$""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex CurlLine { get; }
}

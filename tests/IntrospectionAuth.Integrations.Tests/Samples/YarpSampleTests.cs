using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace IntrospectionAuth.Integrations.Tests.Samples;

/// <summary>The output of samples/Yarp.</summary>
public sealed partial class YarpSampleTests
{
    [Fact]
    public async Task The_printed_curl_commands_get_the_printed_statuses()
    {
        await using SampleProcess sample = SampleProcess.Start("Yarp", ["--urls", "http://127.0.0.1:0"]);
        IReadOnlyList<string> lines = await sample.ReadAsync(until: "Press Ctrl+C to stop.");
        using var client = new HttpClient();

        var printed = new List<HttpStatusCode>();
        var received = new List<HttpStatusCode>();
        string texts = "";
        foreach (
            (string title, string line) in lines.Zip(lines.Skip(1)).Where(pair => pair.Second.Contains("curl", StringComparison.Ordinal))
        )
        {
            using HttpRequestMessage request = Read(line);
            using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            printed.Add(Enum.Parse<HttpStatusCode>(title[^3..]));
            received.Add(response.StatusCode);
            texts += await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden], received);
        Assert.Equal(printed, received);
        Assert.StartsWith("Notes. Token received: False.\n", texts, StringComparison.Ordinal);
    }

    /// <summary>Reads a curl command with the options that the sample uses.</summary>
    private static HttpRequestMessage Read(string line)
    {
        Match match = CurlLine.Match(line);
        Assert.True(match.Success, $"Not understood: {line}");

        HttpMethod method = match.Groups["method"] is { Success: true } name ? HttpMethod.Parse(name.Value) : HttpMethod.Get;
        var request = new HttpRequestMessage(method, match.Groups["url"].Value);
        if (match.Groups["token"] is { Success: true } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        return request;
    }

    [GeneratedRegex(
        """^\s*curl -i( -X (?<method>[A-Z]+))? (?<url>http\S+)( -H "Authorization: Bearer (?<token>\w+)")?$""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex CurlLine { get; }
}

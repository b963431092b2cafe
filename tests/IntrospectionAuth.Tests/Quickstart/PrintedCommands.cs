using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace IntrospectionAuth.Tests.Quickstart;

/// <summary>The curl commands that a sample prints, each after a line that ends with the expected status.</summary>
internal static partial class PrintedCommands
{
    /// <summary>Runs all commands in their order.</summary>
    public static async Task<(IReadOnlyList<HttpStatusCode> Printed, IReadOnlyList<HttpStatusCode> Received)> RunAsync(SampleProcess sample)
    {
        using var client = new HttpClient();
        var printed = new List<HttpStatusCode>();
        var received = new List<HttpStatusCode>();
        foreach (
            (string title, string line) in sample
                .Lines.Zip(sample.Lines.Skip(1))
                .Where(static pair => pair.Second.Contains("curl", StringComparison.Ordinal))
        )
        {
            using HttpRequestMessage request = Read(line);
            using HttpResponseMessage response = await client.SendAsync(request);
            printed.Add(Enum.Parse<HttpStatusCode>(title[^3..]));
            received.Add(response.StatusCode);
        }

        return (printed, received);
    }

    /// <summary>Builds the request of a curl command with the options that guides use.</summary>
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

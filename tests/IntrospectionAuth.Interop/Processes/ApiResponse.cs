using System.Text.Json.Nodes;

namespace IntrospectionAuth.Interop.Processes;

/// <summary>A response of samples/Api to its caller.</summary>
internal sealed record ApiResponse(
    int Status,
    string? WwwAuthenticate,
    string? RetryAfter,
    string? ContentType,
    string Body,
    TimeSpan Elapsed
)
{
    /// <summary>Longer than any response takes, even on a busy machine: only a request that hangs exceeds it.</summary>
    public static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    /// <summary>The claims of /me in order, each as "type=value (value type) issuer".</summary>
    public string[] Claims => [.. JsonNode.Parse(Body)!["claims"]!.AsArray().Select(claim => Describe(claim!.AsObject()))];

    /// <summary>Asserts the response that means "the authorization server is unavailable".</summary>
    public void AssertUnavailable(string retryAfter = "5")
    {
        Assert.Equal((503, null, retryAfter), (Status, WwwAuthenticate, RetryAfter));
        Assert.InRange(Elapsed, TimeSpan.Zero, Hang);
    }

    public void AssertInvalidToken(string description) =>
        Assert.Equal(
            (401, $"Bearer error=\"invalid_token\", error_description=\"{description}\"", null),
            (Status, WwwAuthenticate, RetryAfter)
        );

    public void AssertForbidden(string scope) =>
        Assert.Equal(
            (
                403,
                "Bearer error=\"insufficient_scope\", "
                    + $"error_description=\"The access token lacks a required scope.\", scope=\"{scope}\""
            ),
            (Status, WwwAuthenticate)
        );

    private static string Describe(JsonObject claim)
    {
        Assert.Equal(["type", "value", "valueType", "issuer"], claim.Select(member => member.Key), StringComparer.Ordinal);

        // http://www.w3.org/2001/XMLSchema#string: only the fragment matters.
        string valueType = claim["valueType"]!.GetValue<string>();
        string shortType = valueType[(valueType.IndexOf('#', StringComparison.Ordinal) + 1)..];
        return $"{claim["type"]}={claim["value"]} ({shortType}) {claim["issuer"]}";
    }
}

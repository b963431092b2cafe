using System.Text.Json.Nodes;

namespace IntrospectionAuth.Interop.Processes;

/// <summary>What a caller of samples/Api got.</summary>
/// <param name="Status">The status code.</param>
/// <param name="WwwAuthenticate">The challenges, if any.</param>
/// <param name="RetryAfter">When to come again, if it says so.</param>
/// <param name="ContentType">The media type of the body.</param>
/// <param name="Body">The body.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record Answer(int Status, string? WwwAuthenticate, string? RetryAfter, string? ContentType, string Body, TimeSpan Elapsed)
{
    /// <summary>The claims that /me lists, in order, each as "type=value (value type) issuer".</summary>
    public string[] Claims => [.. JsonNode.Parse(Body)!["claims"]!.AsArray().Select(claim => Describe(claim!.AsObject()))];

    /// <summary>The library's contract for "could not find out".</summary>
    public void AssertUnavailable(TimeSpan atMost, string retryAfter = "5")
    {
        Assert.Equal((503, null, retryAfter), (Status, WwwAuthenticate, RetryAfter));
        Assert.InRange(Elapsed, TimeSpan.Zero, atMost);
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
                $"Bearer error=\"insufficient_scope\", error_description=\"The access token lacks a scope that this needs.\", scope=\"{scope}\""
            ),
            (Status, WwwAuthenticate)
        );

    private static string Describe(JsonObject claim)
    {
        Assert.Equal(["type", "value", "valueType", "issuer"], claim.Select(member => member.Key), StringComparer.Ordinal);

        // http://www.w3.org/2001/XMLSchema#string: what follows the # says it all.
        string valueType = claim["valueType"]!.GetValue<string>();
        return $"{claim["type"]}={claim["value"]} ({valueType[(valueType.IndexOf('#', StringComparison.Ordinal) + 1)..]}) {claim["issuer"]}";
    }
}

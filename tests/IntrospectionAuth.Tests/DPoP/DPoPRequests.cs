using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.DPoP;

/// <summary>Requests of a client that has a key.</summary>
internal static class DPoPRequests
{
    /// <summary>Issues a token that is bound to the key.</summary>
    public static string IssueBoundToken(this FakeAuthorizationServer server, DPoPClientKey key, params string[] scopes) =>
        server.IssueToken(token =>
        {
            token.Scopes = scopes;
            token.TokenType = "DPoP";
            token.Members["cnf"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["jkt"] = key.Thumbprint };
        });

    /// <summary>Sends a token with proofs, each in its own header.</summary>
    public static async Task<HttpResponseMessage> PresentAsync(this HttpClient client, string path, string token, params string[] proofs)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", "DPoP " + token);
        foreach (string proof in proofs)
            request.Headers.TryAddWithoutValidation("DPoP", proof);
        return await client.SendAsync(request);
    }

    /// <summary>Sends a token with a new proof.</summary>
    public static Task<HttpResponseMessage> ProveAsync(
        this TestApi api,
        DPoPClientKey key,
        string path,
        string token,
        DateTimeOffset? at = null,
        string? nonce = null
    ) =>
        api.Client.PresentAsync(
            path,
            token,
            key.Prove(
                "GET",
                "http://localhost" + path,
                token,
                at ?? ManualTimeProvider.Start,
                claims =>
                {
                    if (nonce is not null)
                        claims["nonce"] = nonce;
                }
            )
        );

    public static string? Nonce(this HttpResponseMessage response) =>
        response.Headers.TryGetValues("DPoP-Nonce", out IEnumerable<string>? values) ? values.Single() : null;
}

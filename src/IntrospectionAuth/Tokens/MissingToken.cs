using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tokens;

/// <summary>Says what a request has in place of a token. It never repeats the header, which may be a token without its scheme.</summary>
internal static class MissingToken
{
    public static string Describe(HttpRequest request)
    {
        string? authorization = request.Headers.Authorization;
        if (string.IsNullOrEmpty(authorization))
        {
            return request.Query.ContainsKey(RequestTokenReader.Parameter)
                ? "no Authorization header, but access_token in the query, which TokenRetrieval.QueryPaths does not allow here"
                : "no Authorization header";
        }

        return authorization.Contains(' ', StringComparison.Ordinal)
            ? "an Authorization header of another scheme than Bearer"
            : "an Authorization header without the word Bearer before the token";
    }
}

using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tokens;

/// <summary>One rule of a selector: a condition on the token or on the request, and the scheme that it chooses.</summary>
internal sealed class SelectorRule(string scheme, Func<UnverifiedToken, bool>? matchesToken, Func<HttpRequest, bool>? matchesRequest)
{
    public string Scheme => scheme;

    public bool IsAboutTokens => matchesToken is not null;

    public bool Matches(UnverifiedToken token) => matchesToken?.Invoke(token) == true;

    public bool Matches(HttpRequest request) => matchesRequest?.Invoke(request) == true;
}

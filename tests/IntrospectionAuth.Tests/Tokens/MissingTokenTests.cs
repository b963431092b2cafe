using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tests.Tokens;

/// <summary>What a developer reads when a request has no token.</summary>
public sealed class MissingTokenTests
{
    [Theory]
    [InlineData(null, "", "no Authorization header")]
    [InlineData("", "?token=a", "no Authorization header")]
    [InlineData(
        null,
        "?access_token=secret",
        "no Authorization header, but access_token in the query, which TokenRetrieval.QueryPaths does not allow here"
    )]
    [InlineData("Basic secret", "?access_token=secret", "an Authorization header of another scheme than Bearer")]
    [InlineData("secret", "", "an Authorization header without the word Bearer before the token")]
    public void What_a_request_has_in_place_of_a_token_is_said_without_its_text(string? authorization, string query, string description)
    {
        HttpRequest request = new DefaultHttpContext().Request;
        request.Headers.Authorization = authorization;
        request.QueryString = new QueryString(query);

        Assert.Equal(description, MissingToken.Describe(request));
    }
}

using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace IntrospectionAuth.Tokens;

/// <summary>
/// Reads the access token of a request from all places that a scheme allows (RFC 6750, section 2). Several tokens are malformed.
/// </summary>
internal static class RequestTokenReader
{
    public const string Parameter = "access_token";

    public static async ValueTask<RequestToken> ReadAsync(
        HttpRequest request,
        OAuthIntrospectionTokenRetrievalOptions places,
        int maximumLength,
        SearchValues<char>? characters = null
    )
    {
        RequestToken token = AuthorizationReader.Read(request.Headers.Authorization, maximumLength, characters);
        if (IsQueryPath(request.Path, places) && request.Query[Parameter] is { Count: > 0 } values)
        {
            ResponseStoring.Forbid(request.HttpContext.Response); // RFC 6750, section 2.3
            token = Single(token, ReadParameter(values, maximumLength, characters));
        }

        return !token.IsMalformed && places.FormBody && IsForm(request)
            ? Single(token, await ReadFormAsync(request, maximumLength, characters))
            : token;
    }

    /// <summary>Two tokens are malformed even if they are equal.</summary>
    private static RequestToken Single(RequestToken first, RequestToken second) =>
        first.IsNone ? second
        : second.IsNone ? first
        : RequestToken.Malformed(TokenFault.SeveralPlaces);

    private static RequestToken ReadParameter(StringValues values, int maximumLength, SearchValues<char>? characters) =>
        values.Count switch
        {
            0 => RequestToken.None,
            1 => AuthorizationReader.ReadToken(values.ToString(), maximumLength, characters),
            _ => RequestToken.Malformed(TokenFault.SeveralPlaces),
        };

    private static bool IsQueryPath(PathString path, OAuthIntrospectionTokenRetrievalOptions places)
    {
        for (int i = 0; i < places.QueryPaths.Count; i++)
        {
            if (path.StartsWithSegments(places.QueryPaths[i], StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>RFC 6750, section 2.2: a method with a body, and a single-part body.</summary>
    private static bool IsForm(HttpRequest request) =>
        (HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method) || HttpMethods.IsPatch(request.Method))
        && MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
        && type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    private static async ValueTask<RequestToken> ReadFormAsync(HttpRequest request, int maximumLength, SearchValues<char>? characters)
    {
        try
        {
            IFormCollection form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
            return ReadParameter(form[Parameter], maximumLength, characters);
        }
        catch (Exception)
        {
            // The body is too large, truncated, not a form, or already consumed, so it is unknown whether it contains a token. An endpoint
            // that reads the form gets the same exception.
            return RequestToken.Malformed(TokenFault.UnreadableForm);
        }
    }
}

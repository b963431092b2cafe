using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace IntrospectionAuth.Tokens;

/// <summary>Finds the bearer token of a request in all places that a scheme allows (RFC 6750, section 2): in one of them, or it is malformed.</summary>
internal static class RequestTokenReader
{
    public const string Parameter = "access_token";

    public static async ValueTask<PresentedToken> ReadAsync(
        HttpRequest request,
        OAuthIntrospectionTokenRetrievalOptions places,
        int maximumLength,
        SearchValues<char>? characters = null
    )
    {
        PresentedToken token = AuthorizationReader.Read(request.Headers.Authorization, maximumLength, characters);
        if (IsQueryPath(request.Path, places) && request.Query[Parameter] is { Count: > 0 } values)
        {
            ResponseStoring.Forbid(request.HttpContext.Response); // RFC 6750, section 2.3
            token = Only(token, ReadParameter(values, maximumLength, characters));
        }

        return !token.IsMalformed && places.FormBody && IsForm(request)
            ? Only(token, await ReadFormAsync(request, maximumLength, characters))
            : token;
    }

    /// <summary>Which of two counts must not be guessed, not even if they are the same.</summary>
    private static PresentedToken Only(PresentedToken first, PresentedToken second) =>
        first.IsNone ? second
        : second.IsNone ? first
        : PresentedToken.Malformed;

    private static PresentedToken ReadParameter(StringValues values, int maximumLength, SearchValues<char>? characters) =>
        values.Count switch
        {
            0 => PresentedToken.None,
            1 => AuthorizationReader.ReadToken(values.ToString(), maximumLength, characters),
            _ => PresentedToken.Malformed,
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

    /// <summary>RFC 6750, section 2.2: a method whose body has a meaning, and one part only.</summary>
    private static bool IsForm(HttpRequest request) =>
        (HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method) || HttpMethods.IsPatch(request.Method))
        && MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
        && type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    private static async ValueTask<PresentedToken> ReadFormAsync(HttpRequest request, int maximumLength, SearchValues<char>? characters)
    {
        try
        {
            IFormCollection form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
            return ReadParameter(form[Parameter], maximumLength, characters);
        }
        catch (Exception)
        {
            // Too large, cut off, not a form, or read by somebody else: whether there is a token in it cannot be known. The endpoint, if it is called, meets
            // the same exception where it reads the form.
            return PresentedToken.Malformed;
        }
    }
}

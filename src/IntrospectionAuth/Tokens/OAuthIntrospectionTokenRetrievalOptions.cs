using System.Buffers;

namespace IntrospectionAuth;

/// <summary>Where a token may be beside the <c>Authorization</c> header: nowhere, unless set here.</summary>
/// <remarks>
/// A request with a token in two places is 400 <c>invalid_request</c>, without a call to the authorization server (RFC 6750, section 2). A token that
/// is found there must look like a bearer token, as in the header.
/// </remarks>
public sealed class OAuthIntrospectionTokenRetrievalOptions
{
    private static readonly SearchValues<char> s_foreignToPaths = SearchValues.Create(@"?#*{}%\");

    /// <summary>Gets or sets whether the parameter <c>access_token</c> of a form is read (RFC 6750, section 2.2).</summary>
    /// <value>The default is <see langword="false"/>.</value>
    /// <remarks>
    /// It is read from <c>application/x-www-form-urlencoded</c> bodies of POST, PUT and PATCH alone. Every such body is then read before the caller is
    /// known, by the application's own limits; what cannot be read is 400 <c>invalid_request</c>. The endpoint finds the form in <c>Request.Form</c>;
    /// <c>Request.Body</c> has been read, unless it is buffered before authentication (<c>Request.EnableBuffering()</c>).
    /// </remarks>
    public bool FormBody { get; set; }

    /// <summary>Gets the paths at and below which the query parameter <c>access_token</c> is read (RFC 6750, section 2.3).</summary>
    /// <value>
    /// Empty by default: the query is not read. A path begins with a slash and does not end with one; <c>/hubs</c> is the path and everything below it, but not
    /// <c>/hubs2</c>. Case does not matter.
    /// </value>
    /// <remarks>
    /// A URL is written to logs, ASP.NET Core's own among them, and kept by browsers. So name only what browsers cannot send a header to: WebSockets, SignalR
    /// hubs and server-sent events. Responses to such requests, refusals included, get <c>Cache-Control: no-store, private</c>.
    /// </remarks>
    public IList<string> QueryPaths { get; } = [];

    internal bool IsHeaderOnly => !FormBody && QueryPaths.Count == 0;

    /// <summary>Whether some request can have such a path: <c>/hubs/</c>, <c>/hubs/*</c> or <c>hubs</c> would silently be none. The root would be every path there is.</summary>
    internal static bool IsPath(string path) =>
        path.Length > 1 && path[0] == '/' && path[^1] != '/' && !path.AsSpan().ContainsAny(s_foreignToPaths);
}

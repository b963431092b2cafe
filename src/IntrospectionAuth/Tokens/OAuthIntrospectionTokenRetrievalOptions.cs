using System.Buffers;

namespace IntrospectionAuth;

/// <summary>Where a token may be in addition to the <c>Authorization</c> header.</summary>
/// <remarks>
/// By default, only in that header. A request with tokens in two places yields 400 <c>invalid_request</c>, without a call to the
/// authorization server (RFC 6750, section 2). The rules for the characters of a token apply everywhere.
/// </remarks>
public sealed class OAuthIntrospectionTokenRetrievalOptions
{
    private static readonly SearchValues<char> s_notInPaths = SearchValues.Create(@"?#*{}%\");

    /// <summary>Gets or sets whether a form may carry the token, in the parameter <c>access_token</c> (RFC 6750, section 2.2).</summary>
    /// <value>The default is <see langword="false"/>.</value>
    /// <remarks>
    /// Only <c>application/x-www-form-urlencoded</c> bodies of POST, PUT and PATCH are read. Each such body is read before the caller is
    /// authenticated, within the application's own limits; a body that cannot be read yields 400 <c>invalid_request</c>. The endpoint finds
    /// the form in <c>Request.Form</c>. <c>Request.Body</c> has been consumed, unless it is buffered before authentication
    /// (<c>Request.EnableBuffering()</c>).
    /// </remarks>
    public bool FormBody { get; set; }

    /// <summary>
    /// Gets the paths, including those below them, where the query may carry the token, in the parameter <c>access_token</c> (RFC 6750,
    /// section 2.3).
    /// </summary>
    /// <value>
    /// Empty by default: the query is not read. A path has a leading slash and no trailing slash, query, wildcard or escape: <c>/hubs</c>
    /// includes everything below it, but not <c>/hubs2</c>. Case-insensitive.
    /// </value>
    /// <remarks>
    /// URLs are written to logs, including those of ASP.NET Core, and kept by browsers. List only paths to which browsers cannot send a
    /// header: WebSockets, SignalR hubs and server-sent events. Responses to such requests have <c>Cache-Control: no-store, private</c>.
    /// </remarks>
    public IList<string> QueryPaths { get; } = [];

    internal bool IsHeaderOnly => !FormBody && QueryPaths.Count == 0;

    /// <summary>
    /// Whether a request can have the path. <c>/hubs/</c>, <c>/hubs/*</c> and <c>hubs</c> would match none, and the root every path.
    /// </summary>
    internal static bool IsPath(string path) => path is ['/', .., not '/'] && !path.AsSpan().ContainsAny(s_notInPaths);
}

using System.Buffers;
using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth;

/// <summary>
/// Rules that choose the scheme for each request of an API that accepts several kinds of token. The first matching rule applies, otherwise
/// the default scheme.
/// </summary>
/// <remarks>
/// <para>
/// A rule about tokens examines the token that its scheme would read: in the <c>Authorization</c> header, and for introspection schemes in
/// the places of <see cref="OAuthIntrospectionOptions.TokenRetrieval"/>. A request with a malformed token matches the first rule about
/// tokens whose scheme is an introspection scheme, which rejects it.
/// </para>
/// <para>
/// A rule only chooses; it verifies nothing in the token. Callers control what they send, so every scheme must be acceptable for every
/// endpoint that the selector protects. The chosen scheme authenticates the request as if it were the only scheme.
/// </para>
/// </remarks>
public sealed class BearerSelectorOptions
{
    private static readonly SearchValues<char> s_notInHosts = SearchValues.Create("/*?#@ ");

    private readonly List<SelectorRule> _rules = [];

    /// <summary>Gets or sets the scheme for requests that match no rule, for example requests without a token.</summary>
    /// <value>Required. The name of a registered scheme that is not a selector.</value>
    public string? DefaultScheme { get; set; }

    internal IReadOnlyList<SelectorRule> Rules => _rules;

    /// <summary>The schemes to choose from.</summary>
    internal IEnumerable<string> Schemes =>
        _rules
            .Select(static rule => rule.Scheme)
            .Append(DefaultScheme)
            .OfType<string>()
            .Where(static scheme => scheme.Length > 0)
            .Distinct(StringComparer.Ordinal);

    /// <summary>Forwards tokens with a prefix.</summary>
    /// <param name="prefix">The prefix, compared ordinally.</param>
    /// <param name="authenticationScheme">The scheme that judges them.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentException">An argument is null or empty, or the prefix has characters that no token can have.</exception>
    public BearerSelectorOptions ForwardPrefix(string prefix, string authenticationScheme)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        // The characters that its scheme accepts are not known yet
        if (!OAuthIntrospectionTokenFilter.IsTokenPrefix(prefix, TokenCharacters.All))
        {
            throw new ArgumentException(
                "The prefix has characters that no bearer token has. Write the start of the token itself, without Bearer.",
                nameof(prefix)
            );
        }

        return Add(authenticationScheme, token => token.Value.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>
    /// Forwards tokens in the format of a JWT: three or five parts, the first of which is a JSON object with an <c>alg</c> (RFC 7515, RFC
    /// 7516, RFC 7519).
    /// </summary>
    /// <param name="authenticationScheme">The scheme that judges them.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentException">The argument is null or empty.</exception>
    public BearerSelectorOptions ForwardJwt(string authenticationScheme) => Add(authenticationScheme, static token => token.IsJwt);

    /// <summary>Forwards tokens that are not in the format of a JWT.</summary>
    /// <param name="authenticationScheme">The scheme that judges them.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentException">The argument is null or empty.</exception>
    public BearerSelectorOptions ForwardOpaque(string authenticationScheme) => Add(authenticationScheme, static token => !token.IsJwt);

    /// <summary>Forwards signed JWTs with a certain <c>iss</c>, which the chosen scheme then verifies.</summary>
    /// <param name="issuer">The <c>iss</c> (RFC 7519, section 4.1.1), compared ordinally.</param>
    /// <param name="authenticationScheme">The scheme that judges them.</param>
    /// <returns>The same options.</returns>
    /// <remarks>
    /// The payload is read with strict limits: at most 8,192 characters, at most 16 levels deep, exactly one <c>iss</c>, which is a string.
    /// A token beyond these limits does not match. An <c>iss</c> that no rule names is not used for anything.
    /// </remarks>
    /// <exception cref="ArgumentException">An argument is null or empty.</exception>
    public BearerSelectorOptions ForwardIssuer(string issuer, string authenticationScheme)
    {
        ArgumentException.ThrowIfNullOrEmpty(issuer);
        return Add(authenticationScheme, token => token.Issuer == issuer);
    }

    /// <summary>Forwards requests to a host, with or without a token.</summary>
    /// <param name="host">
    /// A host on any port, such as <c>api.example.com</c>, or a host with a port, such as <c>api.example.com:8443</c>. Case does not
    /// matter.
    /// </param>
    /// <param name="authenticationScheme">The scheme that judges them.</param>
    /// <returns>The same options.</returns>
    /// <remarks>The caller controls the <c>Host</c> header. Restrict it with <c>AllowedHosts</c>.</remarks>
    /// <exception cref="ArgumentException">An argument is null or empty, or the host is a URL or a pattern.</exception>
    public BearerSelectorOptions ForwardHost(string host, string authenticationScheme)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        var expected = new HostString(new HostString(host).ToUriComponent());
        if (expected.Host.Length == 0 || host.AsSpan().ContainsAny(s_notInHosts))
        {
            throw new ArgumentException(
                "The host is not valid. Write it like api.example.com, without scheme, path or wildcards.",
                nameof(host)
            );
        }

        return Add(
            authenticationScheme,
            request =>
            {
                // Request.Host decodes the header and may throw, so the header itself is compared.
                var actual = new HostString(request.Headers.Host.ToString());
                return actual.Host.Equals(expected.Host, StringComparison.OrdinalIgnoreCase)
                    && (expected.Port is not { } port || actual.Port == port);
            }
        );
    }

    /// <summary>Forwards requests to a path and everything below it, with or without a token.</summary>
    /// <param name="path">The path, such as <c>/partners</c>. It is compared by segments, so <c>/partners2</c> does not match. Case does
    /// not matter.</param>
    /// <param name="authenticationScheme">The scheme that judges them.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentException">
    /// An argument is null or empty, or the path does not begin with a slash, ends with one, or has a query, wildcards or escapes.
    /// </exception>
    public BearerSelectorOptions ForwardPath(string path, string authenticationScheme)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!OAuthIntrospectionTokenRetrievalOptions.IsPath(path))
        {
            throw new ArgumentException(
                "The path is not valid. Write it like /partners: with a slash at the beginning and none at the end, without "
                    + "query, wildcards or escapes.",
                nameof(path)
            );
        }

        var expected = new PathString(path);
        return Add(authenticationScheme, request => request.Path.StartsWithSegments(expected, StringComparison.OrdinalIgnoreCase));
    }

    private BearerSelectorOptions Add(string authenticationScheme, Func<UnverifiedToken, bool> matches)
    {
        ArgumentException.ThrowIfNullOrEmpty(authenticationScheme);
        _rules.Add(new SelectorRule(authenticationScheme, matches, matchesRequest: null));
        return this;
    }

    private BearerSelectorOptions Add(string authenticationScheme, Func<HttpRequest, bool> matches)
    {
        ArgumentException.ThrowIfNullOrEmpty(authenticationScheme);
        _rules.Add(new SelectorRule(authenticationScheme, matchesToken: null, matches));
        return this;
    }
}

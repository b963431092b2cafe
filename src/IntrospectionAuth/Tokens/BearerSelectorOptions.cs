using System.Buffers;
using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth;

/// <summary>Which scheme judges a request where an API takes more than one kind of token: the first rule that matches, else a default.</summary>
/// <remarks>
/// <para>
/// A rule about tokens looks at the token that its scheme would read: the <c>Authorization</c> header, and for introspection schemes the places that
/// <see cref="OAuthIntrospectionOptions.TokenRetrieval"/> names. A request that presents its token in a malformed way matches the first rule about tokens whose
/// scheme is an introspection scheme, which refuses it.
/// </para>
/// <para>
/// A rule only chooses. Nothing in a token is verified for it, and the caller decides what he sends, so every scheme here must be good for every endpoint
/// that the selector protects; the chosen scheme judges the token as if it stood alone.
/// </para>
/// </remarks>
public sealed class BearerSelectorOptions
{
    private static readonly SearchValues<char> s_foreignToHosts = SearchValues.Create("/*?#@ ");

    private readonly List<SelectorRule> _rules = [];

    /// <summary>Gets or sets the scheme for requests that match no rule, requests without a token among them: its challenge is what they get.</summary>
    /// <value>Required. The name of a scheme that is registered before the application starts, and is no selector itself.</value>
    public string? DefaultScheme { get; set; }

    internal IReadOnlyList<SelectorRule> Rules => _rules;

    /// <summary>The schemes that it chooses from.</summary>
    internal IEnumerable<string> Schemes =>
        _rules
            .Select(static rule => rule.Scheme)
            .Append(DefaultScheme)
            .OfType<string>()
            .Where(static scheme => scheme.Length > 0)
            .Distinct(StringComparer.Ordinal);

    /// <summary>Forwards tokens that begin with a text.</summary>
    /// <param name="prefix">What the token begins with; the comparison is ordinal.</param>
    /// <param name="authenticationScheme">The scheme that judges them.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentException">An argument is null or empty, or the prefix has characters that no bearer token has.</exception>
    public BearerSelectorOptions ForwardPrefix(string prefix, string authenticationScheme)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        if (!OAuthIntrospectionTokenFilter.IsBeginningOfToken(prefix, TokenCharacters.All)) // which of them its schemes accept is not known yet
        {
            throw new ArgumentException(
                "The prefix has characters that no bearer token has. Write the start of the token itself, without Bearer.",
                nameof(prefix)
            );
        }

        return Add(authenticationScheme, token => token.Value.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>Forwards tokens that look like a JWT: three or five parts, of which the first is a JSON object with an <c>alg</c> (RFC 7515, 7516, 7519).</summary>
    /// <param name="authenticationScheme">The scheme that judges them.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentException">The argument is null or empty.</exception>
    public BearerSelectorOptions ForwardJwt(string authenticationScheme) => Add(authenticationScheme, static token => token.IsJwt);

    /// <summary>Forwards tokens that do not look like a JWT.</summary>
    /// <param name="authenticationScheme">The scheme that judges them.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentException">The argument is null or empty.</exception>
    public BearerSelectorOptions ForwardOpaque(string authenticationScheme) => Add(authenticationScheme, static token => !token.IsJwt);

    /// <summary>Forwards signed JWTs that say they are an issuer's. Whether they are is for the scheme to find out.</summary>
    /// <param name="issuer">The <c>iss</c> (RFC 7519, section 4.1.1); the comparison is ordinal.</param>
    /// <param name="authenticationScheme">The scheme that judges them.</param>
    /// <returns>The same options.</returns>
    /// <remarks>
    /// The payload is read with strict limits: at most 8,192 characters, nested at most 16 deep, exactly one <c>iss</c>, a text. What is beyond them does not
    /// match. An <c>iss</c> that no rule names never leads anywhere.
    /// </remarks>
    /// <exception cref="ArgumentException">An argument is null or empty.</exception>
    public BearerSelectorOptions ForwardIssuer(string issuer, string authenticationScheme)
    {
        ArgumentException.ThrowIfNullOrEmpty(issuer);
        return Add(authenticationScheme, token => token.Issuer == issuer);
    }

    /// <summary>Forwards requests to a host, with a token or without.</summary>
    /// <param name="host">The host, <c>api.example.com</c>, on any port; or a host and its port, <c>api.example.com:8443</c>. Case does not matter.</param>
    /// <param name="authenticationScheme">The scheme that judges them.</param>
    /// <returns>The same options.</returns>
    /// <remarks>The caller writes the <c>Host</c> header: restrict it with <c>AllowedHosts</c>.</remarks>
    /// <exception cref="ArgumentException">An argument is null or empty, or the host is a URL or a pattern.</exception>
    public BearerSelectorOptions ForwardHost(string host, string authenticationScheme)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        var wanted = new HostString(new HostString(host).ToUriComponent());
        if (wanted.Host.Length == 0 || host.AsSpan().ContainsAny(s_foreignToHosts))
        {
            throw new ArgumentException(
                "The host is not a host. Write it as in api.example.com, without scheme, path and wildcards.",
                nameof(host)
            );
        }

        return Add(
            authenticationScheme,
            request =>
            {
                // As the header has it, in ASCII: Request.Host would decode it, and throw where that cannot be done.
                var asked = new HostString(request.Headers.Host.ToString());
                return asked.Host.Equals(wanted.Host, StringComparison.OrdinalIgnoreCase)
                    && (wanted.Port is not { } port || asked.Port == port);
            }
        );
    }

    /// <summary>Forwards requests at and below a path, with a token or without.</summary>
    /// <param name="path">The path, <c>/partners</c>, compared by segments: <c>/partners2</c> is another. Case does not matter.</param>
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
                "The path is no path. Write it as in /partners: with a slash at its beginning and none at its end, without query, wildcards and escapes.",
                nameof(path)
            );
        }

        var wanted = new PathString(path);
        return Add(authenticationScheme, request => request.Path.StartsWithSegments(wanted, StringComparison.OrdinalIgnoreCase));
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

using IntrospectionAuth.Testing.Endpoints;

namespace IntrospectionAuth.Testing;

/// <summary>The credentials in an introspection request, accepted or not.</summary>
/// <remarks>It is a class and not a record, so that <c>ToString</c> does not print its secrets.</remarks>
public sealed class PresentedClientAuthentication
{
    internal PresentedClientAuthentication() { }

    /// <summary>
    /// Gets the name of the client authentication method, one of those of
    /// <see cref="FakeAuthorizationServerOptions.RequiredClientAuthenticationMethod"/>.
    /// </summary>
    /// <value><see langword="null"/> for no credentials, unreadable ones, or credentials of several kinds.</value>
    public string? Method { get; internal init; }

    /// <summary>Gets the client id that was sent, decoded.</summary>
    public string? ClientId { get; internal init; }

    /// <summary>Gets the client secret that was sent, decoded.</summary>
    public string? ClientSecret { get; internal init; }

    /// <summary>Gets the bearer credential that was sent.</summary>
    public string? BearerToken { get; internal init; }

    /// <summary>Gets the client assertion that was sent.</summary>
    internal ClientAssertion? Assertion { get; init; }

    /// <summary>The id and secret of HTTP Basic without decoding.</summary>
    internal (string Id, string Secret)? RawBasic { get; init; }

    /// <summary>Whether the request contained two kinds of credentials, which RFC 6749, section 2.3 forbids.</summary>
    internal bool IsAmbiguous { get; init; }

    /// <summary>Whether the request used HTTP Basic, so that an error response must name the scheme (RFC 6749, section 5.2).</summary>
    internal bool TriedBasic { get; init; }

    /// <summary>Whether the request used a bearer credential.</summary>
    internal bool TriedBearer => BearerToken is not null;
}

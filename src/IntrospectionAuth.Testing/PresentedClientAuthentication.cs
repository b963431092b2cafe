using IntrospectionAuth.Testing.Endpoints;

namespace IntrospectionAuth.Testing;

/// <summary>The credentials in an introspection request, whether they were accepted or not.</summary>
/// <remarks>It is a class and not a record: it holds secrets, which <c>ToString</c> must not print.</remarks>
public sealed class PresentedClientAuthentication
{
    internal PresentedClientAuthentication() { }

    /// <summary>Gets the client authentication method, by the names of <see cref="FakeAuthorizationServerOptions.RequiredClientAuthenticationMethod"/>.</summary>
    /// <value><see langword="null"/> if there were no credentials, unreadable ones, or more than one kind.</value>
    public string? Method { get; internal init; }

    /// <summary>Gets the client id that was sent, decoded.</summary>
    public string? ClientId { get; internal init; }

    /// <summary>Gets the client secret that was sent, decoded.</summary>
    public string? ClientSecret { get; internal init; }

    /// <summary>Gets the bearer credential that was sent.</summary>
    public string? BearerToken { get; internal init; }

    /// <summary>Gets the client assertion that was sent.</summary>
    internal ClientAssertion? Assertion { get; init; }

    /// <summary>Id and secret of HTTP Basic as they came, without decoding.</summary>
    internal (string Id, string Secret)? RawBasic { get; init; }

    /// <summary>Whether two kinds of credentials came together, which RFC 6749, section 2.3 forbids.</summary>
    internal bool IsAmbiguous { get; init; }

    /// <summary>Whether HTTP Basic was tried: RFC 6749, section 5.2 wants the refusal to name the scheme.</summary>
    internal bool TriedBasic { get; init; }

    /// <summary>Whether a bearer credential was tried.</summary>
    internal bool TriedBearer => BearerToken is not null;
}

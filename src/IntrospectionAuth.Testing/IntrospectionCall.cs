using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Testing;

/// <summary>A request that reached a <see cref="FakeAuthorizationServer"/>.</summary>
/// <remarks>It is a class and not a record: it holds tokens and secrets, which <c>ToString</c> must not print.</remarks>
public sealed class IntrospectionCall
{
    internal IntrospectionCall() { }

    /// <summary>Gets the token that was asked about: the <c>token</c> parameter or, without one, the bearer credential.</summary>
    /// <value><see langword="null"/> if there was neither. The first one if there were several.</value>
    public required string? Token { get; init; }

    /// <summary>Gets the HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>Gets the path that was called.</summary>
    /// <value>The introspection endpoint's, unless the caller went astray: to a wrong address, or after a redirect.</value>
    public required string Path { get; init; }

    /// <summary>Gets the query of the URL, with its question mark.</summary>
    /// <value>Empty if there was none.</value>
    public required string Query { get; init; }

    /// <summary>Gets the request headers, as a copy.</summary>
    public required IHeaderDictionary Headers { get; init; }

    /// <summary>Gets the form parameters.</summary>
    /// <value>Empty if the body was not a form.</value>
    public required IFormCollection Parameters { get; init; }

    /// <summary>Gets how the client authenticated, right or wrong.</summary>
    public required PresentedClientAuthentication ClientAuthentication { get; init; }

    /// <summary>Gets when the request arrived, by the server's clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}

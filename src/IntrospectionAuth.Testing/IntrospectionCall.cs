using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Testing;

/// <summary>A request that reached a <see cref="FakeAuthorizationServer"/>.</summary>
/// <remarks>It is a class and not a record, so that <c>ToString</c> does not print its tokens and secrets.</remarks>
public sealed class IntrospectionCall
{
    internal IntrospectionCall() { }

    /// <summary>Gets the introspected token: the <c>token</c> parameter or, without one, the bearer credential.</summary>
    /// <value>The first one of several; <see langword="null"/> if there is none.</value>
    public required string? Token { get; init; }

    /// <summary>Gets the HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>Gets the requested path.</summary>
    /// <value>The path of the introspection endpoint, unless the client used a wrong URL or followed a redirect.</value>
    public required string Path { get; init; }

    /// <summary>Gets the query of the URL, with its question mark.</summary>
    /// <value>Empty if there was none.</value>
    public required string Query { get; init; }

    /// <summary>Gets a copy of the request headers.</summary>
    public required IHeaderDictionary Headers { get; init; }

    /// <summary>Gets the form parameters.</summary>
    /// <value>Empty if the body was not a form.</value>
    public required IFormCollection Parameters { get; init; }

    /// <summary>Gets the client's credentials, valid or not.</summary>
    public required PresentedClientAuthentication ClientAuthentication { get; init; }

    /// <summary>Gets when the request arrived, by the server's clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}

using System.Net.Http.Headers;

namespace IntrospectionAuth;

/// <summary>The context of <see cref="OAuthIntrospectionEvents.OnResponseReceived"/>.</summary>
/// <remarks>
/// As in <see cref="IntrospectingContext"/>, there is no <c>HttpContext</c>: all callers that present the same token share the response, so
/// changes may depend on the response and on options alone. The response holds personal data: do not log it.
/// </remarks>
public sealed class ResponseReceivedContext
{
    internal ResponseReceivedContext(ClientAuthenticationContext request, HttpResponseMessage response, byte[] body)
    {
        Scheme = request.Scheme;
        Options = request.Options;
        CancellationToken = request.CancellationToken;
        StatusCode = (int)response.StatusCode;
        ContentType = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues values)
            ? values.ToString()
            : null;
        Body = body;
    }

    /// <summary>Gets the name of the authentication scheme.</summary>
    public string Scheme { get; }

    /// <summary>Gets the options of the scheme.</summary>
    public OAuthIntrospectionOptions Options { get; }

    /// <summary>Gets or sets the status of the response.</summary>
    /// <value>The status that the authorization server sent. From 100 to 599.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 100 to 599.</exception>
    public int StatusCode
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 100);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 599);
            field = value;
        }
    }

    /// <summary>Gets or sets the content type of the response.</summary>
    /// <value>The content type that the authorization server sent; <see langword="null"/> when it sent none.</value>
    public string? ContentType { get; set; }

    /// <summary>Gets or sets the body of the response.</summary>
    /// <value>
    /// The bytes that the authorization server sent, not decompressed. At most
    /// <see cref="OAuthIntrospectionOptions.MaximumResponseLength"/> bytes, which also limits a replacement.
    /// </value>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>Gets the token that is cancelled when <see cref="OAuthIntrospectionOptions.Timeout"/> has passed.</summary>
    public CancellationToken CancellationToken { get; }
}

using System.Net.Http.Headers;

namespace IntrospectionAuth;

/// <summary>The context of <see cref="OAuthIntrospectionEvents.OnResponseReceived"/>.</summary>
/// <remarks>
/// As with <see cref="IntrospectingContext"/>, there is no <c>HttpContext</c> on purpose: the response is shared by everybody who presents
/// the same token, so what becomes of it may depend on itself and on options, and on
/// nothing else. It holds somebody's identity: log nothing of it.
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
    /// <value>The one that the authorization server has sent. From 100 to 599.</value>
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
    /// <value>The one that the authorization server has sent; <see langword="null"/>: none.</value>
    public string? ContentType { get; set; }

    /// <summary>Gets or sets the body of the response.</summary>
    /// <value>
    /// What the authorization server has sent, as it is: not decompressed, and of at most <see
    /// cref="OAuthIntrospectionOptions.MaximumResponseLength"/> bytes, which bounds what replaces it, too.
    /// </value>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>Gets the token that is cancelled when <see cref="OAuthIntrospectionOptions.Timeout"/> has passed.</summary>
    public CancellationToken CancellationToken { get; }
}

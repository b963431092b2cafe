using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.ClientCredentials;

/// <summary>Has a token ready for schemes that authenticate by one of their own (RFC 6749, section 4.4).</summary>
internal sealed class ClientTokens(TokenEndpointClient client) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Gives a call the token, if its method needs one.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="getSource">Gets the source of tokens at a token endpoint.</param>
    /// <param name="discovered">The token endpoint that the server's metadata names; null when there is none, or nothing was discovered.</param>
    /// <param name="credential">Gets the token.</param>
    /// <param name="stopping">Cancelled when the application stops.</param>
    /// <param name="cancellationToken">Cancelled when the timeout of this caller has passed, or the application stops.</param>
    /// <returns>Why there is none; null when all is well.</returns>
    public static async ValueTask<Unavailability?> FindAsync(
        IntrospectionScheme scheme,
        Func<Uri, TokenSource> getSource,
        Uri? discovered,
        CallCredential credential,
        CancellationToken stopping,
        CancellationToken cancellationToken
    )
    {
        OAuthIntrospectionOptions options = scheme.Options;
        if (!options.ClientAuthenticationMethod.NeedsClientToken)
            return null;

        Uri? endpoint = string.IsNullOrWhiteSpace(options.ClientCredentials.TokenEndpoint)
            ? discovered
            : new Uri(options.ClientCredentials.TokenEndpoint);
        if (endpoint is null)
        {
            return new(UnavailableReason.NotIssued)
            {
                Fault = "the server's metadata names no token_endpoint that may be called",
                ContradictsMetadata = true,
            };
        }

        TokenSource source = getSource(endpoint);
        try
        {
            TokenResult result = await source.FindAsync(options, credential.Refused).WaitAsync(cancellationToken);
            credential.Used = result.Token;
            return result.Unavailability;
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            UnavailableReason reason = stopping.IsCancellationRequested
                ? UnavailableReason.Stopped
                : source.FindTimeoutCause(options.Timeout);
            return new(reason) { Exception = exception };
        }
    }

    public void Dispose() => _stopping.Cancel();

    /// <summary>Creates the source of a client's tokens, which reloads of the options share while nothing has changed that a token depends on.</summary>
    public TokenSource CreateSource(IntrospectionScheme scheme, Uri endpoint)
    {
        string name = scheme.Name; // and not the scheme: the source outlives its options
        return new TokenSource(scheme, endpoint, (current, self) => client.ObtainAsync(new(name, current), self, _stopping.Token));
    }
}

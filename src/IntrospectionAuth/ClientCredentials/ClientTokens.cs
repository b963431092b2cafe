using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.ClientCredentials;

/// <summary>Provides the token with which this API authenticates to the introspection endpoint (RFC 6749, section 4.4).</summary>
internal sealed class ClientTokens(TokenEndpointClient client) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Obtains the token of a call, if its client authentication method needs one.</summary>
    /// <returns>Why there is none; otherwise null.</returns>
    public static async ValueTask<Unavailability?> ObtainAsync(
        IntrospectionCall call,
        Func<Uri, TokenSource> getSource,
        CallCredential credential
    )
    {
        OAuthIntrospectionOptions options = call.Options;
        if (!options.ClientAuthenticationMethod.NeedsClientToken)
            return null;

        Uri? endpoint = string.IsNullOrWhiteSpace(options.ClientCredentials.TokenEndpoint)
            ? call.Metadata?.TokenEndpointFor(options)
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
            Outcome<ClientToken> result = await source.FindAsync(options, credential.Refused).WaitAsync(call.CancellationToken);
            credential.Used = result.Value;
            return result.Unavailability;
        }
        catch (OperationCanceledException exception) when (call.HasEnded)
        {
            UnavailableReason reason = call.Stopping.IsCancellationRequested
                ? UnavailableReason.Stopped
                : source.FindTimeoutCause(call.Timeout);
            return new(reason) { Exception = exception };
        }
    }

    public void Dispose() => _stopping.Cancel();

    /// <summary>
    /// Creates the source of a client's tokens. Reloads of the options share it until something changes that a token depends on.
    /// </summary>
    public TokenSource CreateSource(IntrospectionScheme scheme, Uri endpoint)
    {
        string name = scheme.Name; // not the scheme: the source outlives its options
        return new TokenSource(scheme, endpoint, (current, self) => client.ObtainAsync(new(name, current), self, _stopping.Token));
    }
}

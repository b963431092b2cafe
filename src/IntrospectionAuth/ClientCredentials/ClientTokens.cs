using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Server;

namespace IntrospectionAuth.ClientCredentials;

/// <summary>Has a token ready for schemes that authenticate by one of their own (RFC 6749, section 4.4).</summary>
internal sealed class ClientTokens(TokenEndpointClient client, ServerIdentities servers) : IDisposable
{
    // Not in options, of which a reload makes new ones: they share the token as long as nothing has changed that it depends on.
    private readonly ConditionalWeakTable<ServerIdentity, TokenSource> _sources = [];
    private readonly ConcurrentDictionary<string, TokenSource> _latest = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Gives a call the token, if its method needs one.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="options">Its options.</param>
    /// <param name="discovered">The token endpoint that the server's metadata names; null when there is none, or nothing was discovered.</param>
    /// <param name="credential">Gets the token.</param>
    /// <param name="stopping">Cancelled when the application stops.</param>
    /// <param name="cancellationToken">Cancelled when the timeout of this caller has passed, or the application stops.</param>
    /// <returns>Why there is none; null when all is well.</returns>
    public async ValueTask<Unavailability?> FindAsync(
        string scheme,
        OAuthIntrospectionOptions options,
        Uri? discovered,
        CallCredential credential,
        CancellationToken stopping,
        CancellationToken cancellationToken
    )
    {
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
                DoubtsMetadata = true,
            };
        }

        TokenSource source = Get(scheme, options, endpoint);
        try
        {
            TokenResult result = await source.FindAsync(options, credential.Refused).WaitAsync(cancellationToken);
            credential.Used = result.Token;
            return result.Unavailability?.Copy();
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            UnavailableReason reason = stopping.IsCancellationRequested ? UnavailableReason.Stopped : UnavailableReason.TimedOut;
            return new(reason) { Exception = exception, IsServerAsked = source.HasBeenAskedFor(options.Timeout / 2) };
        }
    }

    public void Dispose() => _stopping.Cancel();

    private TokenSource Get(string scheme, OAuthIntrospectionOptions options, Uri endpoint)
    {
        ServerIdentity server = servers.Get(options);
        if (_sources.TryGetValue(server, out TokenSource? source) && source.IsEquivalentTo(server, endpoint))
            return source;

        lock (_lock)
        {
            if (_latest.TryGetValue(scheme, out source) && source.IsEquivalentTo(server, endpoint))
            {
                _sources.AddOrUpdate(server, source);
                return source;
            }

            source = new TokenSource(
                options,
                server,
                endpoint,
                (current, self) => client.ObtainAsync(scheme, current, self, _stopping.Token)
            );
            _sources.AddOrUpdate(server, source);
            return _latest[scheme] = source;
        }
    }
}

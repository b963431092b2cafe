using IntrospectionAuth.Testing.Endpoints;
using IntrospectionAuth.Testing.Hosting;
using IntrospectionAuth.Testing.Providers;
using IntrospectionAuth.Testing.Signing;
using IntrospectionAuth.Testing.Tokens;

namespace IntrospectionAuth.Testing;

/// <summary>
/// An OAuth 2.0 authorization server for tests: it issues, introspects (RFC 7662) and revokes tokens, and misbehaves on request.
/// </summary>
/// <remarks>
/// It is a real server, in memory or on a loopback port. Create one for each test. All members are thread-safe. It also has a revocation
/// endpoint (RFC 7009) at <c>/revoke</c> and a token endpoint at <c>/token</c> for the client authentication method
/// <c>client_credentials</c>. As <see cref="FakeAuthorizationServerProvider.Rfc7662"/> it publishes metadata (RFC 8414) and signs responses
/// (RFC 9701) for requests that accept signed ones. <see cref="Calls"/> contains introspection requests only.
/// </remarks>
public sealed partial class FakeAuthorizationServer : IAsyncDisposable, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly FakeAuthorizationServerOptions _options;
    private readonly ImitatedProvider _provider;
    private readonly IServerHost _host;
    private readonly TokenStore _tokens;
    private readonly ClientAuthenticator _clients;
    private readonly ResponseSigner _signer = new();
    private readonly CallLog _calls = new();

    private FakeAuthorizationServer(FakeAuthorizationServerOptions options, IServerHost host)
    {
        _options = options;
        _host = host;
        _provider = ImitatedProvider.Of(options.Provider);
        _tokens = new TokenStore(options.TimeProvider);
        _clients = new ClientAuthenticator(options, _provider);
    }

    /// <summary>Gets the base address: <c>https://auth.example.com</c> in memory, <c>http://127.0.0.1:port</c> on a port.</summary>
    public Uri BaseAddress => _host.BaseAddress;

    /// <summary>Gets the URL of the introspection endpoint; <see cref="FakeAuthorizationServerProvider"/> determines its path.</summary>
    public string IntrospectionEndpoint => Endpoint(_provider.IntrospectionPath);

    /// <summary>Gets the URL of the revocation endpoint (RFC 7009).</summary>
    public string RevocationEndpoint => Endpoint("/revoke");

    /// <summary>
    /// Gets the URL of the token endpoint, where an application under test obtains its own token for introspection (RFC 6749, section 4.4).
    /// </summary>
    public string TokenEndpoint => Endpoint("/token");

    /// <summary>Gets the <c>iss</c> of issued tokens and of signed responses.</summary>
    public string Issuer => _options.Issuer ?? _provider.Issuer ?? Endpoint("");

    /// <summary>Gets the identifier of the client that may introspect.</summary>
    public string ClientId => _options.ClientId;

    /// <summary>Gets the secret of <see cref="ClientId"/>.</summary>
    public string ClientSecret => _options.ClientSecret;

    /// <summary>Gets a snapshot of the requests that have arrived, in order.</summary>
    /// <remarks>
    /// Requests for revocation, for the application's own token, for keys and for metadata at well-known URLs are not included.
    /// </remarks>
    public IReadOnlyList<IntrospectionCall> Calls => _calls.Snapshot();

    /// <summary>Gets the number of <see cref="Calls"/>.</summary>
    public int CallCount => _calls.Count;

    /// <summary>Creates a server in memory, which is reached only through <see cref="CreateHandler"/>.</summary>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The running server.</returns>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public static FakeAuthorizationServer Create(Action<FakeAuthorizationServerOptions>? configure = null)
    {
        FakeAuthorizationServerOptions options = Configure(configure);
        InMemoryHost host = new(options.BaseAddress);
        FakeAuthorizationServer server = new(options, host);
        host.Start(server.HandleAsync);
        return server;
    }

    /// <summary>Creates a server that listens on 127.0.0.1, for tests with sockets or other processes.</summary>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The running server.</returns>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<FakeAuthorizationServer> ListenAsync(Action<FakeAuthorizationServerOptions>? configure = null)
    {
        FakeAuthorizationServerOptions options = Configure(configure);
        ListeningHost host = new(options.Port);
        FakeAuthorizationServer server = new(options, host);
        try
        {
            await host.StartAsync(server.HandleAsync);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Creates an <see cref="HttpClient"/> handler that sends every request to this server, regardless of its URL. It follows no redirects
    /// and keeps no cookies.
    /// </summary>
    /// <returns>A new handler, which its client disposes.</returns>
    public HttpMessageHandler CreateHandler() => _host.CreateHandler();

    /// <summary>Issues an opaque token with the given scopes.</summary>
    /// <param name="scopes">The scopes.</param>
    /// <returns>The token, 40 random characters.</returns>
    public string IssueToken(params string[] scopes)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        return IssueToken(token => token.Scopes = [.. scopes]);
    }

    /// <summary>Issues a token.</summary>
    /// <param name="configure">Sets the token and the members of its introspection response.</param>
    /// <returns>The token.</returns>
    /// <exception cref="ArgumentException">A member has a value that cannot be written as JSON.</exception>
    public string IssueToken(Action<FakeToken> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        FakeToken token = new() { Lifetime = _options.TokenLifetime, Issuer = Issuer };
        _provider.SetDefaults(token);
        configure(token);
        _tokens.Add(token.Value, _provider.Issue(token, _options.TimeProvider.GetUtcNow()));
        return token.Value;
    }

    /// <summary>Revokes a token: further introspection responses are <c>{"active":false}</c>.</summary>
    /// <param name="token">The token.</param>
    /// <returns>Whether the server has issued the token and not revoked it before.</returns>
    public bool Revoke(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _tokens.Remove(token);
    }

    /// <summary>Gets a snapshot of the introspection requests for a token, in order.</summary>
    /// <param name="token">The token.</param>
    /// <returns>The requests.</returns>
    public IReadOnlyList<IntrospectionCall> CallsFor(string token) =>
        [.. Calls.Where(call => string.Equals(call.Token, token, StringComparison.Ordinal))];

    /// <summary>Waits for requests, for example those of a background refresh.</summary>
    /// <param name="count">The number of requests since the creation of the server or the last <see cref="ClearCalls"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when <see cref="CallCount"/> has reached the number.</returns>
    public Task WaitForCallsAsync(int count, CancellationToken cancellationToken = default) => _calls.WaitAsync(count, cancellationToken);

    /// <summary>Removes all requests from <see cref="Calls"/>.</summary>
    public void ClearCalls() => _calls.Clear();

    /// <summary>Stops the server and aborts waiting calls.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Stops the server and aborts waiting calls.</summary>
    /// <returns>A task that completes when the server has stopped.</returns>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;

        await _stopping.CancelAsync(); // not disposed, because aborted calls still use it
        await _host.DisposeAsync();
    }

    /// <summary>Whether the server has issued a token that has not expired and is not revoked.</summary>
    internal bool IsActive(string token) => _tokens.IsActive(token);

    /// <summary>Accepts the credentials of an application under test, unless the options of the server set others.</summary>
    internal void Adopt(OAuthIntrospectionOptions application) => _clients.Clients.Add(application);

    private static FakeAuthorizationServerOptions Configure(Action<FakeAuthorizationServerOptions>? configure)
    {
        FakeAuthorizationServerOptions options = new();
        configure?.Invoke(options);
        if (options is { RequiredClientAuthenticationMethod: ClientAuthenticationMethods.Bearer, RequiredBearerToken: null })
            throw new ArgumentException("The client authentication method bearer needs RequiredBearerToken.", nameof(configure));
        return options;
    }

    private string KeysUrl => Endpoint("/jwks");

    private string Endpoint(string path) => BaseAddress.AbsoluteUri.TrimEnd('/') + path;
}

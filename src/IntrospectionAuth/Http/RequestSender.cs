using System.Collections.Concurrent;

namespace IntrospectionAuth.Http;

/// <summary>
/// Sends requests with the HTTP clients of schemes and pollers. If a client has code of the application, the request runs on a thread of
/// its own: code that blocks it, waiting for a vault for example, must not outlast the timeout.
/// </summary>
internal sealed class RequestSender(IHttpClientFactory clients)
{
    private readonly ConcurrentDictionary<string, ClientState> _states = new(StringComparer.Ordinal);

    /// <param name="client">The name of the client.</param>
    /// <param name="request">The request.</param>
    /// <param name="maximumStuck">How many threads code of the application may block.</param>
    /// <param name="cancellationToken">Cancelled when the time is up. Nothing is sent later, and a later response is disposed.</param>
    /// <returns>The response, as soon as its headers are there.</returns>
    public async Task<HttpResponseMessage> SendAsync(
        string client,
        HttpRequestMessage request,
        int maximumStuck,
        CancellationToken cancellationToken
    )
    {
        ClientState state = _states.GetOrAdd(client, static _ => new ClientState());
        if (!state.IsKnown || MayRunApplicationCode(client))
            return await SendOnOwnThreadAsync(client, state, request, maximumStuck, cancellationToken);

        using HttpClient http = clients.CreateClient(client);
        Task<HttpResponseMessage> sending = http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await sending.WithinTimeoutAsync(cancellationToken);
        return await sending;
    }

    /// <summary>Whether the client has code of the application, or is yet to be created by such code.</summary>
    internal bool MayRunApplicationCode(string client) =>
        clients is not IHttpMessageHandlerFactory handlers
        || LateHandler.Find(handlers.CreateHandler(client)) is not { MayRunApplicationCode: false };

    private Task<HttpResponseMessage> SendOnOwnThreadAsync(
        string client,
        ClientState state,
        HttpRequestMessage request,
        int maximumStuck,
        CancellationToken cancellationToken
    )
    {
        if (state.Stuck.Count >= maximumStuck)
            throw new InvalidOperationException($"Code of the application in the HTTP client blocks {maximumStuck} threads, the maximum.");

        return state.Stuck.RunAsync(
            async () =>
            {
                using HttpClient http = clients.CreateClient(client);
                state.IsKnown = true;
                cancellationToken.ThrowIfCancellationRequested(); // The configuration of the client may have taken too long.
                return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            },
            cancellationToken
        );
    }

    private sealed class ClientState
    {
        private volatile bool _isKnown;

        public StuckThreads Stuck { get; } = new();

        /// <summary>Whether the factory has the settings of the client. Finding them runs code of the application, too.</summary>
        public bool IsKnown
        {
            get => _isKnown;
            set => _isKnown = value;
        }
    }
}

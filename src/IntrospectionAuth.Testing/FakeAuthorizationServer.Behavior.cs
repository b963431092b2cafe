using System.Text;
using IntrospectionAuth.Testing.Behavior;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Testing;

// How the server misbehaves. Each member builds a RequestDelegate that replaces the normal response.
public sealed partial class FakeAuthorizationServer
{
    private readonly BehaviorScript _script = new();

    /// <summary>Sends a fixed response to every introspection request.</summary>
    /// <param name="status">The status code.</param>
    /// <param name="body">The body; null for none.</param>
    /// <param name="contentType">The content type; null for none.</param>
    /// <param name="headers">Further headers.</param>
    /// <param name="calls">For how many calls; null: for all until <see cref="ResetBehavior"/>.</param>
    /// <remarks>
    /// Behaviors with a number of calls apply first, in the order in which they were set, then the last one without a number, then the
    /// normal response. For example, <c>RespondWith(503, calls: 2)</c> makes the server fail twice.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="calls"/> is zero or negative.</exception>
    public void RespondWith(
        int status,
        string? body = null,
        string? contentType = "application/json",
        IEnumerable<KeyValuePair<string, string>>? headers = null,
        int? calls = null
    ) => RespondWith(CannedResponses.Fixed(status, body is null ? null : Encoding.UTF8.GetBytes(body), contentType, headers), calls);

    /// <summary>Sends a fixed response for tokens that are not active, and the normal response for active ones.</summary>
    /// <param name="status">The status code.</param>
    /// <param name="body">The body; null for none.</param>
    /// <param name="contentType">The content type; null for none.</param>
    /// <param name="calls">For how many calls; null: for all until <see cref="ResetBehavior"/>.</param>
    /// <remarks>
    /// Some servers respond to unknown tokens with a status of their own instead of <c>"active": false</c>
    /// (<see cref="OAuthIntrospectionOptions.InactiveStatusCodes"/>). Wrong client credentials are refused as usual.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="calls"/> is zero or negative.</exception>
    public void RespondToInactiveTokensWith(int status, string? body = null, string? contentType = "application/json", int? calls = null)
    {
        RequestDelegate fixedResponse = CannedResponses.Fixed(
            status,
            body is null ? null : Encoding.UTF8.GetBytes(body),
            contentType,
            headers: null
        );
        RespondWith(context => IsAboutInactiveToken(context) ? fixedResponse(context) : RespondNormallyAsync(context), calls);
    }

    private bool IsAboutInactiveToken(HttpContext context) =>
        context.Features.Get<IntrospectionCall>() is { Token: { } token } call && _clients.Refuse(call) is null && !_tokens.IsActive(token);

    /// <summary>Responds with your own code.</summary>
    /// <param name="respond">Writes the response. It can call <see cref="RespondNormallyAsync"/>.</param>
    /// <param name="calls">For how many calls; null: for all until <see cref="ResetBehavior"/>.</param>
    /// <remarks>An exception becomes a response with status 500 that contains the exception.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="calls"/> is zero or negative.</exception>
    public void RespondWith(RequestDelegate respond, int? calls = null)
    {
        ArgumentNullException.ThrowIfNull(respond);
        if (calls is not null)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(calls.Value, nameof(calls));

        _script.Add(respond, calls);
    }

    /// <summary>Responds normally after a delay by the server's clock.</summary>
    /// <param name="delay">The delay, counted from the arrival. The response contains the state of the token at the end of the
    /// delay.</param>
    /// <param name="calls">For how many calls; null: for all until <see cref="ResetBehavior"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="calls"/> is zero or negative.</exception>
    public void RespondAfter(TimeSpan delay, int? calls = null) =>
        RespondWith(CannedResponses.Late(delay, _options.TimeProvider, RespondNormallyAsync), calls);

    /// <summary>Never responds: calls hang until the client disconnects or the server is disposed.</summary>
    /// <param name="calls">For how many calls; null: for all until <see cref="ResetBehavior"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="calls"/> is zero or negative.</exception>
    public void NeverRespond(int? calls = null) => RespondWith(CannedResponses.Never, calls);

    /// <summary>Closes the connection without a response.</summary>
    /// <param name="calls">For how many calls; null: for all until <see cref="ResetBehavior"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="calls"/> is zero or negative.</exception>
    public void Disconnect(int? calls = null) => RespondWith(CannedResponses.Disconnect, calls);

    /// <summary>Responds with 200 and <c>application/json</c>, and sends the body in pieces: slow, endless or very large.</summary>
    /// <param name="piece">The text that is sent repeatedly.</param>
    /// <param name="interval">The pause before each piece, by the server's clock; zero sends as fast as the client reads.</param>
    /// <param name="count">The number of pieces; null for an endless body.</param>
    /// <param name="start">The text that is sent before the first piece and the first pause.</param>
    /// <param name="calls">For how many calls; null: for all until <see cref="ResetBehavior"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="piece"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="calls"/> is zero or negative.</exception>
    public void DripBody(string piece, TimeSpan interval = default, long? count = null, string start = "", int? calls = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(piece);
        ArgumentNullException.ThrowIfNull(start);
        RespondWith(
            CannedResponses.Drip(Encoding.UTF8.GetBytes(start), Encoding.UTF8.GetBytes(piece), interval, count, _options.TimeProvider),
            calls
        );
    }

    /// <summary>Holds all further responses until they are released.</summary>
    /// <returns>An object to wait for calls and to release them.</returns>
    /// <remarks>The behavior and the state of the token are determined after the release.</remarks>
    public HeldResponses HoldResponses() => _script.Hold();

    /// <summary>Removes all behaviors and releases the held responses.</summary>
    public void ResetBehavior() => _script.Reset();
}

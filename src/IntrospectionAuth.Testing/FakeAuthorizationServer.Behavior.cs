using System.Text;
using IntrospectionAuth.Testing.Behavior;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Testing;

// How the server misbehaves. Each member is one way to build the RequestDelegate that answers instead.
public sealed partial class FakeAuthorizationServer
{
    private readonly BehaviorScript _script = new();

    /// <summary>Answers with a fixed response, whatever is asked.</summary>
    /// <param name="status">The status code.</param>
    /// <param name="body">The body; null for none.</param>
    /// <param name="contentType">The content type; null for none.</param>
    /// <param name="headers">Further headers.</param>
    /// <param name="calls">For how many calls; null: for all until <see cref="ResetBehavior"/>.</param>
    /// <remarks>
    /// Behaviours with a number of calls come first, in the order in which they were set; then the last one without a number; then the
    /// ordinary answer. So a server that fails twice is <c>RespondWith(503, calls: 2)</c>.
    /// </remarks>
    public void RespondWith(
        int status,
        string? body = null,
        string? contentType = "application/json",
        IEnumerable<KeyValuePair<string, string>>? headers = null,
        int? calls = null
    ) => RespondWith(CannedResponses.Fixed(status, body is null ? null : Encoding.UTF8.GetBytes(body), contentType, headers), calls);

    /// <summary>Answers with a fixed response about tokens that are not active, and normally about those that are.</summary>
    /// <param name="status">The status code.</param>
    /// <param name="body">The body; null for none.</param>
    /// <param name="contentType">The content type; null for none.</param>
    /// <param name="calls">For how many calls; null: for all until <see cref="ResetBehavior"/>.</param>
    /// <remarks>
    /// So do servers that do not say <c>"active": false</c>: some have a status of their own for unknown tokens
    /// (<see cref="OAuthIntrospectionOptions.InactiveStatusCodes"/>). Wrong client credentials are refused as ever.
    /// </remarks>
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

    /// <summary>Answers with code of your own, the general form of all behaviours.</summary>
    /// <param name="answer">Writes the response; <see cref="RespondNormallyAsync"/> is there for what should not be special in it.</param>
    /// <param name="calls">For how many calls; null: for all until <see cref="ResetBehavior"/>.</param>
    /// <remarks>An exception becomes a response with status 500 that says what it was.</remarks>
    public void RespondWith(RequestDelegate answer, int? calls = null)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (calls is not null)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(calls.Value, nameof(calls));

        _script.Add(answer, calls);
    }

    /// <summary>Answers normally, but late by the server's clock.</summary>
    /// <param name="delay">How late, counted from the arrival. The answer tells the state of the token when the delay is over.</param>
    /// <param name="calls">For how many calls; null: for all until <see cref="ResetBehavior"/>.</param>
    public void RespondAfter(TimeSpan delay, int? calls = null) =>
        RespondWith(CannedResponses.Late(delay, _options.TimeProvider, RespondNormallyAsync), calls);

    /// <summary>Never answers: calls hang until the client goes away or the server is disposed.</summary>
    /// <param name="calls">For how many calls; null: for all until <see cref="ResetBehavior"/>.</param>
    public void NeverRespond(int? calls = null) => RespondWith(CannedResponses.Never, calls);

    /// <summary>Closes the connection without an answer.</summary>
    /// <param name="calls">For how many calls; null: for all until <see cref="ResetBehavior"/>.</param>
    public void Disconnect(int? calls = null) => RespondWith(CannedResponses.Disconnect, calls);

    /// <summary>Answers 200 and <c>application/json</c> with a body that comes piece by piece: slow, endless or giant.</summary>
    /// <param name="piece">What is sent again and again.</param>
    /// <param name="interval">The pause before each piece, by the server's clock; zero sends as fast as the client reads.</param>
    /// <param name="count">How many pieces; null: without end.</param>
    /// <param name="start">What is sent before the first piece and the first pause.</param>
    /// <param name="calls">For how many calls; null: for all until <see cref="ResetBehavior"/>.</param>
    public void DripBody(string piece, TimeSpan interval = default, long? count = null, string start = "", int? calls = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(piece);
        ArgumentNullException.ThrowIfNull(start);
        RespondWith(
            CannedResponses.Drip(Encoding.UTF8.GetBytes(start), Encoding.UTF8.GetBytes(piece), interval, count, _options.TimeProvider),
            calls
        );
    }

    /// <summary>Keeps all calls from now on waiting until they are released.</summary>
    /// <returns>The hold, with which to wait for calls and to release them.</returns>
    /// <remarks>How a call is answered, and what is true of its token, is decided after the release.</remarks>
    public HeldResponses HoldResponses() => _script.Hold();

    /// <summary>Behaves again: forgets all behaviours and releases the calls that are held.</summary>
    public void ResetBehavior() => _script.Reset();
}

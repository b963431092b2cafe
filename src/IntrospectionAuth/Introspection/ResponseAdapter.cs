using System.Net;
using IntrospectionAuth.Http;

namespace IntrospectionAuth.Introspection;

/// <summary>Lets the application change a response of the introspection endpoint before it is read.</summary>
internal sealed class ResponseAdapter(EventRaiser events)
{
    /// <summary>Whether the event may have a handler. Otherwise the response is read directly from the network.</summary>
    public static bool IsWanted(OAuthIntrospectionOptions options) =>
        options.EventsType is not null || options.Events.HandlesResponseReceived;

    /// <returns>The body; null when it is too long.</returns>
    public static async Task<byte[]?> ReceiveAsync(ClientAuthenticationContext request, HttpResponseMessage response)
    {
        Task<byte[]?> receiving = LimitedBody.ReadAsync(response.Content, request.Options.MaximumResponseLength, request.CancellationToken);
        await receiving.WithinTimeoutAsync(request.CancellationToken);
        return await receiving;
    }

    /// <summary>
    /// Raises the event and replaces the content of the response by the result. Exceptions of the event handler are thrown.
    /// </summary>
    /// <returns>Whether the event was raised: see <see cref="EventRaiser"/>.</returns>
    public async Task<bool> AdaptAsync(ClientAuthenticationContext request, HttpResponseMessage response, byte[] body)
    {
        var context = new ResponseReceivedContext(request, response, body);
        string? contentType = context.ContentType;

        if (!await events.RaiseAsync(request, handler => handler.ResponseReceived(context)))
            return false;

        response.StatusCode = (HttpStatusCode)context.StatusCode;
        HttpContent received = response.Content;
        response.Content = new ReadOnlyMemoryContent(context.Body);
        bool isSameType = string.Equals(context.ContentType, contentType, StringComparison.Ordinal);
        if (isSameType && received.Headers.NonValidated.TryGetValues("Content-Type", out var values))
            response.Content.Headers.TryAddWithoutValidation("Content-Type", values);
        else if (!isSameType && context.ContentType is not null)
            response.Content.Headers.TryAddWithoutValidation("Content-Type", context.ContentType);
        received.Dispose();
        return true;
    }
}

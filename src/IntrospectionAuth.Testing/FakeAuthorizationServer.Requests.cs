using System.Globalization;
using System.Text;
using IntrospectionAuth.Testing.Behavior;
using IntrospectionAuth.Testing.Endpoints;
using IntrospectionAuth.Testing.Signing;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Testing;

// The request pipeline, the same in memory and on a port.
public sealed partial class FakeAuthorizationServer
{
    /// <summary>Writes the normal response, for use in <see cref="RespondWith(RequestDelegate, int?)"/>.</summary>
    /// <param name="context">The request.</param>
    /// <returns>A task that completes when the response is written.</returns>
    /// <exception cref="InvalidOperationException">The request did not come through this server.</exception>
    public Task RespondNormallyAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        IntrospectionCall call =
            context.Features.Get<IntrospectionCall>()
            ?? throw new InvalidOperationException("The request did not come through this server.");

        return Is(RevocationEndpoint, call) ? RevokeAsync(context, call)
            : Is(TokenEndpoint, call) ? IssueClientTokenAsync(context, call)
            : Is(IntrospectionEndpoint, call) ? IntrospectAsync(context, call)
            : IsKeys(call) ? CannedResponses.Fixed(StatusCodes.Status200OK, _signer.PublicKeys, "application/json", headers: null)(context)
            : IsMetadata(call)
                ? CannedResponses.Fixed(
                    StatusCodes.Status200OK,
                    Metadata.Write(this, _provider.SignsResponses ? KeysUrl : null),
                    "application/json",
                    headers: null
                )(context)
            : CannedResponses.Fixed(StatusCodes.Status404NotFound, body: null, contentType: null, headers: null)(context);
    }

    private async Task HandleAsync(HttpContext context)
    {
        // Disposing the server ends waiting calls.
        CancellationToken clientGone = context.RequestAborted;
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(clientGone, _stopping.Token);
        context.RequestAborted = ending.Token;
        try
        {
            await (_options.Middleware is { } middleware ? middleware(context, RunAsync) : RunAsync(context));
        }
        catch (Exception) when (ending.IsCancellationRequested || context.Response.HasStarted)
        {
            context.Abort();
        }
        catch (Exception exception)
        {
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync("The fake authorization server failed: " + exception, clientGone);
        }
        finally
        {
            context.RequestAborted = clientGone;
        }
    }

    private async Task RunAsync(HttpContext context)
    {
        DateTimeOffset now = _options.TimeProvider.GetUtcNow();
        context.Response.Headers.Date = now.ToString("R", CultureInfo.InvariantCulture); // Kestrel would use the system clock

        IntrospectionCall call = await CallReader.ReadAsync(context.Request, _clients.ReadsRawBasic, now);
        context.Features.Set(call);

        RequestDelegate? respond = null;
        if (!Is(RevocationEndpoint, call) && !Is(TokenEndpoint, call) && !IsMetadata(call) && !IsKeys(call))
        {
            _calls.Add(call);
            if (Is(IntrospectionEndpoint, call))
                respond = await _script.NextAsync(context.RequestAborted);
        }

        await (respond ?? RespondNormallyAsync)(context);
    }

    private Task IntrospectAsync(HttpContext context, IntrospectionCall call)
    {
        if (_clients.Refuse(call) is { } error)
            return error.WriteAsync(context);

        byte[] body = _tokens.Describe(call.Token!);
        return _provider.SignsResponses && ResponseSigner.IsAskedFor(context.Request)
            ? CannedResponses.Fixed(
                StatusCodes.Status200OK,
                _signer.Sign(body, Issuer, _options.SignedResponseAudience ?? ClientId, _options.TimeProvider.GetUtcNow()),
                ResponseSigner.MediaType,
                headers: null
            )(context)
            : CannedResponses.Fixed(StatusCodes.Status200OK, body, "application/json", headers: null)(context);
    }

    private Task RevokeAsync(HttpContext context, IntrospectionCall call)
    {
        if (_clients.Refuse(call) is { } error)
            return error.WriteAsync(context);

        _tokens.Remove(call.Token!); // RFC 7009, section 2.2: the status is 200 for unknown tokens too
        return CannedResponses.Fixed(StatusCodes.Status200OK, body: null, contentType: null, headers: null)(context);
    }

    private Task IssueClientTokenAsync(HttpContext context, IntrospectionCall call)
    {
        if (_clients.RefuseTokenRequest(call) is { } error)
            return error.WriteAsync(context);

        string body = $$"""{"access_token":"{{_clients.IssueClientToken()}}","token_type":"Bearer","expires_in":3600}""";
        return CannedResponses.Fixed(StatusCodes.Status200OK, Encoding.UTF8.GetBytes(body), "application/json", headers: null)(context);
    }

    private bool IsMetadata(IntrospectionCall call) => HttpMethods.IsGet(call.Method) && Metadata.IsAt(call.Path, Issuer);

    private bool IsKeys(IntrospectionCall call) => _provider.SignsResponses && HttpMethods.IsGet(call.Method) && Is(KeysUrl, call);

    private static bool Is(string endpoint, IntrospectionCall call) =>
        string.Equals(new Uri(endpoint).AbsolutePath, call.Path, StringComparison.Ordinal);
}

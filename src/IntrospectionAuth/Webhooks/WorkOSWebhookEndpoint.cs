using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.PushedRevocation;
using IntrospectionAuth.Replay;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Webhooks;

/// <summary>Receives the webhooks of WorkOS. The cheapest check comes first; a body is parsed after it is verified.</summary>
internal sealed class WorkOSWebhookEndpoint(byte[][] secrets, PushedEvents events, TimeProvider time)
{
    private const string Source = "workos";
    private const int MaximumLength = 256 * 1024;

    private const int MostSignatures = 10_000;

    private static readonly TimeSpan s_tolerance = TimeSpan.FromMinutes(3); // as in the SDKs of WorkOS

    // When it is full or uncertain, a replay removes entries again, which the next request obtains again. A rejected event would keep them.
    private readonly UsedIds _used = new(MostSignatures) { AcceptsUncertain = true };

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.StatusCode = await ReceiveAsync(context.Request);
    }

    /// <returns>The status. WorkOS sends the event again unless it is 200.</returns>
    private async Task<int> ReceiveAsync(HttpRequest request)
    {
        if (WorkOSSignature.Parse(request.Headers[WorkOSSignature.HeaderName]) is not { } signature)
            return Reject("it has no signature, or a malformed one");
        if ((time.GetUtcNow() - signature.SignedAt).Duration() > s_tolerance)
            return Reject("it was not signed within the last 3 minutes");

        byte[]? body;
        try
        {
            body =
                request.ContentLength > MaximumLength
                    ? null
                    : await LimitedBody.ReadAsync(
                        request.Body,
                        MaximumLength,
                        static bytes => bytes.ToArray(),
                        request.HttpContext.RequestAborted
                    );
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return Reject("its body ended early", (exception as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest);
        }

        if (body is null)
            return Reject("its body is longer than 256 KB", StatusCodes.Status413PayloadTooLarge);
        if (signature.FindValid(secrets, body) is not { } valid)
            return Reject("no secret of this endpoint verifies its signature");

        Reading<WorkOSEvent> reading = WorkOSEvent.Read(body);
        if (reading.Value is not { } read)
            return Reject(reading.Fault!);

        if (read.Type is null)
            events.Ignore(Source, type: null, "it does not revoke tokens");
        else if (IsReplay(signature, valid)) // WorkOS signs again what it sends again.
            events.Ignore(Source, read.Type, "it was received before");
        else
            events.Apply(Source, read.Type, read.Tokens);
        return StatusCodes.Status200OK;
    }

    private bool IsReplay(WorkOSSignature signature, byte[] valid) =>
        _used.Add(UsedIds.Hash(Convert.ToHexString(valid)), signature.SignedAt + s_tolerance, time.GetUtcNow()) == IdUse.Replayed;

    private int Reject(string fault, int status = StatusCodes.Status400BadRequest)
    {
        events.Reject(Source, fault);
        return status;
    }
}

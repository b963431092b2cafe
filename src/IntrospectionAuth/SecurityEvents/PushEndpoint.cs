using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IntrospectionAuth.Http;
using IntrospectionAuth.PushedRevocation;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace IntrospectionAuth.SecurityEvents;

/// <summary>Receives security event tokens that a transmitter pushes, one in each request (RFC 8935, section 2).</summary>
internal sealed class PushEndpoint(SecurityEventReceiver receiver, string? authorization)
{
    private const string MediaType = "application/secevent+jwt";
    private const int RetryAfterSeconds = 10;

    private readonly byte[]? _authorization = authorization is null ? null : Encoding.UTF8.GetBytes(authorization);

    public async Task HandleAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.Headers.CacheControl = "no-store";

        // Section 2.1. It is a general HTTP error, not one about the token.
        if (
            !MediaTypeHeaderValue.TryParse(context.Request.ContentType, out MediaTypeHeaderValue? type)
            || !type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase)
        )
        {
            receiver.Refuse(SecurityEventError.InvalidRequest, "The content type is not application/secevent+jwt.");
            response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        SecurityEventReceipt receipt = await ReceiveAsync(context.Request);
        if (receipt.IsUndecided)
        {
            response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            response.Headers.RetryAfter = $"{RetryAfterSeconds}";
        }
        else if (receipt.Error is { } error)
        {
            await WriteAsync(response, error);
        }
        else
        {
            response.StatusCode = StatusCodes.Status202Accepted;
        }
    }

    private async Task<SecurityEventReceipt> ReceiveAsync(HttpRequest request)
    {
        if (_authorization is not null && !IsExpected(request.Headers.Authorization.ToString()))
            return receiver.Refuse(SecurityEventError.AuthenticationFailed, "The Authorization header is not the expected one.");

        string? text;
        try
        {
            text =
                request.ContentLength > PushedTokenVerifier.MaximumLength
                    ? null
                    : await LimitedBody.ReadAsync(
                        request.Body,
                        PushedTokenVerifier.MaximumLength,
                        static bytes => Encoding.ASCII.GetString(bytes.Trim(" \t\r\n"u8)),
                        request.HttpContext.RequestAborted
                    );
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return receiver.Refuse(SecurityEventError.InvalidRequest, "The request ended early.");
        }

        return text is null
            ? receiver.Refuse(SecurityEventError.InvalidRequest, "The token is too long.")
            : await receiver.ReceiveAsync(text, id: null, CancellationToken.None); // It takes effect even if nothing waits.
    }

    /// <summary>The duration does not depend on where the values differ.</summary>
    private bool IsExpected(string sent) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), _authorization);

    /// <summary>Section 2.3.</summary>
    private static async Task WriteAsync(HttpResponse response, SecurityEventError error)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("err", error.Code);
            json.WriteString("description", error.Description);
            json.WriteEndObject();
        }

        response.StatusCode = StatusCodes.Status400BadRequest;
        response.ContentType = "application/json";
        response.Headers.ContentLanguage = SecurityEventError.Language;
        response.ContentLength = buffer.WrittenCount;
        await response.BodyWriter.WriteAsync(buffer.WrittenMemory, response.HttpContext.RequestAborted);
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Testing.Behavior;

/// <summary>Responses that do not depend on the request.</summary>
internal static class CannedResponses
{
    public static Task Never(HttpContext context) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);

    public static Task Disconnect(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    public static RequestDelegate Late(TimeSpan delay, TimeProvider clock, RequestDelegate respond) =>
        async context =>
        {
            DateTimeOffset due = context.Features.GetRequiredFeature<IntrospectionCall>().ReceivedAt + delay;
            TimeSpan remaining = due - clock.GetUtcNow();
            if (remaining > TimeSpan.Zero)
            {
                // A test that advances the clock when the call arrives may do so before the timer exists, so the time is checked again.
                Task waiting = Task.Delay(remaining, clock, context.RequestAborted);
                if (clock.GetUtcNow() < due)
                    await waiting;
            }

            await respond(context);
        };

    public static RequestDelegate Fixed(int status, byte[]? body, string? contentType, IEnumerable<KeyValuePair<string, string>>? headers)
    {
        KeyValuePair<string, StringValues>[] fields =
        [
            .. (headers ?? [])
                .GroupBy(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase)
                .Select(field => KeyValuePair.Create(field.Key, new StringValues([.. field]))),
        ];

        return async context =>
        {
            HttpResponse response = context.Response;
            response.StatusCode = status;
            response.ContentType = contentType;
            foreach ((string name, StringValues values) in fields)
                response.Headers[name] = values;

            if (body is null)
                return;

            response.ContentLength ??= body.Length;
            await response.Body.WriteAsync(body, context.RequestAborted);
        };
    }

    public static RequestDelegate Drip(byte[] start, byte[] piece, TimeSpan interval, long? count, TimeProvider clock) =>
        async context =>
        {
            CancellationToken aborted = context.RequestAborted;
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(start, aborted);
            await context.Response.Body.FlushAsync(aborted);
            for (long sent = 0; sent != count; sent++)
            {
                aborted.ThrowIfCancellationRequested();
                if (interval > TimeSpan.Zero)
                    await Task.Delay(interval, clock, aborted);
                await context.Response.Body.WriteAsync(piece, aborted);
                await context.Response.Body.FlushAsync(aborted);
            }
        };
}

using System.Globalization;
using IntrospectionAuth.Testing;
using Microsoft.Net.Http.Headers;

namespace Quickstart.Demo;

/// <summary>Tells the page what a request cost, as the authorization server saw it: how often it was asked about the token, and when last.</summary>
internal static class CallReport
{
    public static void UseCallReport(this WebApplication app, FakeAuthorizationServer server) => app.Use(async (context, next) =>
    {
        if (ReadToken(context.Request) is { } token)
        {
            int callsBefore = server.CallsFor(token).Count;
            long started = TimeProvider.System.GetTimestamp();
            context.Response.OnStarting(() =>
            {
                Write(context.Response.Headers, server.CallsFor(token), callsBefore, TimeProvider.System.GetElapsedTime(started));
                return Task.CompletedTask;
            });
        }

        await next(context);
    });

    private static void Write(IHeaderDictionary headers, IReadOnlyList<IntrospectionCall> calls, int callsBefore, TimeSpan elapsed)
    {
        headers["Quickstart-Calls"] = (calls.Count - callsBefore).ToString(CultureInfo.InvariantCulture);
        if (calls is [.., var last])
            headers["Quickstart-Answer-Age"] = Format((TimeProvider.System.GetUtcNow() - last.ReceivedAt).TotalSeconds);
        headers["Server-Timing"] = "api;dur=" + Format(elapsed.TotalMilliseconds);
    }

    private static string Format(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    private static string? ReadToken(HttpRequest request) =>
        request.Headers[HeaderNames.Authorization].ToString() is { } value && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? value["Bearer ".Length..].Trim()
            : null;
}

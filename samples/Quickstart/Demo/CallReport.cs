using System.Globalization;
using IntrospectionAuth;
using IntrospectionAuth.Testing;
using Microsoft.Net.Http.Headers;

namespace Quickstart.Demo;

/// <summary>Adds headers that show what a request cost: its calls to the authorization server and the age of the response.</summary>
internal static class CallReport
{
    /// <summary>Records whether a response came from the cache, so that a background refresh does not count.</summary>
    public static void AddCallReport(this IServiceCollection services) =>
        services.PostConfigure<OAuthIntrospectionOptions>(OAuthIntrospectionDefaults.AuthenticationScheme, options =>
            options.Events.OnTokenValidated = context =>
            {
                context.HttpContext.Features.Set(new Source(context.IsFromCache, context.ObtainedAt));
                return Task.CompletedTask;
            });

    public static void UseCallReport(this WebApplication app, FakeAuthorizationServer server) => app.Use(async (context, next) =>
    {
        if (ReadToken(context.Request) is { } token)
        {
            int callsBefore = server.CallsFor(token).Count;
            long started = TimeProvider.System.GetTimestamp();
            context.Response.OnStarting(() =>
            {
                IReadOnlyList<IntrospectionCall> calls = server.CallsFor(token);
                Source source = context.Features.Get<Source>()
                    ?? new Source(IsFromCache: calls.Count == callsBefore, ObtainedAt: calls is [.., var last] ? last.ReceivedAt : null);
                Write(context.Response.Headers, source, calls.Count - callsBefore, TimeProvider.System.GetElapsedTime(started));
                return Task.CompletedTask;
            });
        }

        await next(context);
    });

    private static void Write(IHeaderDictionary headers, Source source, int calls, TimeSpan elapsed)
    {
        headers["Quickstart-Calls"] = (source.IsFromCache ? 0 : calls).ToString(CultureInfo.InvariantCulture);
        if (source.ObtainedAt is { } obtainedAt)
            headers["Quickstart-Response-Age"] = Format((TimeProvider.System.GetUtcNow() - obtainedAt).TotalSeconds);
        headers["Server-Timing"] = "api;dur=" + Format(elapsed.TotalMilliseconds);
    }

    private static string Format(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    private static string? ReadToken(HttpRequest request) =>
        request.Headers[HeaderNames.Authorization].ToString() is { } value
        && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? value["Bearer ".Length..].Trim()
            : null;

    private sealed record Source(bool IsFromCache, DateTimeOffset? ObtainedAt);
}

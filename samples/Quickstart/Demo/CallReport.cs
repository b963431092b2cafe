using System.Globalization;
using IntrospectionAuth;
using IntrospectionAuth.Testing;
using Microsoft.Net.Http.Headers;

namespace Quickstart.Demo;

/// <summary>Tells the page what a request cost, as the authorization server saw it: how often it was asked about the token, and when last.</summary>
internal static class CallReport
{
    /// <summary>Has each accepted token's answer noted: a background refresh under way would otherwise look like a call that the request waited for.</summary>
    public static void AddCallReport(this IServiceCollection services) =>
        services.PostConfigure<OAuthIntrospectionOptions>(OAuthIntrospectionDefaults.AuthenticationScheme, options => options.Events.OnTokenValidated = context =>
        {
            context.HttpContext.Features.Set(new Answer(context.IsFromCache, context.ObtainedAt));
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
                Answer answer = context.Features.Get<Answer>() ?? new Answer(IsFromCache: calls.Count == callsBefore, ObtainedAt: calls is [.., var last] ? last.ReceivedAt : null);
                Write(context.Response.Headers, answer, calls.Count - callsBefore, TimeProvider.System.GetElapsedTime(started));
                return Task.CompletedTask;
            });
        }

        await next(context);
    });

    private static void Write(IHeaderDictionary headers, Answer answer, int calls, TimeSpan elapsed)
    {
        headers["Quickstart-Calls"] = (answer.IsFromCache ? 0 : calls).ToString(CultureInfo.InvariantCulture);
        if (answer.ObtainedAt is { } obtainedAt)
            headers["Quickstart-Answer-Age"] = Format((TimeProvider.System.GetUtcNow() - obtainedAt).TotalSeconds);
        headers["Server-Timing"] = "api;dur=" + Format(elapsed.TotalMilliseconds);
    }

    private static string Format(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    private static string? ReadToken(HttpRequest request) =>
        request.Headers[HeaderNames.Authorization].ToString() is { } value && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? value["Bearer ".Length..].Trim()
            : null;

    private sealed record Answer(bool IsFromCache, DateTimeOffset? ObtainedAt);
}

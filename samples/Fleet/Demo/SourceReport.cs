using IntrospectionAuth;
using IntrospectionAuth.Testing;
using Microsoft.Net.Http.Headers;

namespace Fleet.Demo;

/// <summary>Adds a header that says what decided about a token: a node's memory, Redis or the authorization server.</summary>
internal static class SourceReport
{
    public const string Header = "Fleet-Source";

    public static void AddSourceReport(this IServiceCollection services) =>
        services.PostConfigure<OAuthIntrospectionOptions>(OAuthIntrospectionDefaults.AuthenticationScheme, options =>
            options.Events.OnTokenValidated = context =>
            {
                context.HttpContext.Items[Header] = context.IsFromCache;
                return Task.CompletedTask;
            });

    public static void UseSourceReport(this WebApplication app, FakeAuthorizationServer server) => app.Use(async (context, next) =>
    {
        string token = context.Request.Headers[HeaderNames.Authorization].ToString().Replace("Bearer ", "", StringComparison.Ordinal);
        int callsBefore = server.CallsFor(token).Count;
        context.Response.OnStarting(() =>
        {
            bool wasCalled = server.CallsFor(token).Count > callsBefore;
            context.Response.Headers[Header] = context.Items[Header] switch
            {
                true => "memory",
                false when !wasCalled => "redis",
                _ => wasCalled ? "server" : "memory",
            };
            return Task.CompletedTask;
        });
        await next(context);
    });
}

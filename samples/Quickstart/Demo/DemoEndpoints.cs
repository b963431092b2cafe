using System.Diagnostics.Metrics;
using IntrospectionAuth;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Quickstart.Demo;

/// <summary>The endpoints behind the page: issue and revoke tokens, break and repair the authorization server.</summary>
internal static class DemoEndpoints
{
    public static void MapDemo(this WebApplication app, FakeAuthorizationServer server)
    {
        var serverSwitch = new ServerSwitch(server);
        var metrics = new MetricsBoard(app.Services.GetRequiredService<IMeterFactory>());
        app.Lifetime.ApplicationStopped.Register(metrics.Dispose);
        RouteGroupBuilder demo = app.MapGroup("/demo");

        demo.MapGet("", (IOptionsMonitor<OAuthIntrospectionOptions> monitor) =>
        {
            OAuthIntrospectionOptions options = monitor.Get(OAuthIntrospectionDefaults.AuthenticationScheme);
            return new
            {
                MaximumAgeSeconds = options.Cache.MaximumAge?.TotalSeconds,
                RefreshAfterSeconds = options.Cache.RefreshAfter.TotalSeconds,
                InactiveAgeSeconds = options.Cache.InactiveAge.TotalSeconds,
                TimeoutSeconds = options.Timeout.TotalSeconds,
                ServerState = Name(serverSwitch.State),
            };
        });

        demo.MapGet("/metrics", metrics.Read);

        demo.MapPost("/tokens", (TokenRequest request) => new { Token = Issue(server, request) });

        // Without cookies there is nothing that antiforgery could protect.
        demo.MapPost("/revoke", ([FromForm] string token) => server.Revoke(token) ? Results.NoContent() : Results.NotFound())
            .DisableAntiforgery();

        demo.MapPut("/authorization-server/{state}", (string state) =>
        {
            if (!Enum.TryParse(state, ignoreCase: true, out ServerState parsed) || !Enum.IsDefined(parsed))
                return Results.NotFound();

            serverSwitch.Set(parsed);
            return Results.NoContent();
        });
    }

    private static string Issue(FakeAuthorizationServer server, TokenRequest request) => server.IssueToken(token =>
    {
        token.Scopes = request.Scopes ?? [];
        token.WorkspaceId = string.IsNullOrWhiteSpace(request.Workspace) ? null : request.Workspace;
        token.Lifetime = TimeSpan.FromSeconds(request.LifetimeSeconds);
    });

    private static string Name(ServerState state) => state.ToString().ToLowerInvariant();

    private sealed record TokenRequest(string[]? Scopes, string? Workspace, int LifetimeSeconds = 3600);
}

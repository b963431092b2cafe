using System.Net.WebSockets;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.SignalR;
using Notifications;

// An API with long-lived connections from browsers. A browser cannot set a header on a WebSocket, so appsettings.json lists the paths that
// accept the token in the query (TokenRetrieval:QueryPaths), and stops ASP.NET Core from logging URLs (Microsoft.AspNetCore: Warning).
var builder = WebApplication.CreateBuilder(args);

builder.Services.AddAuthentication().AddOAuthIntrospection();
builder.Services.AddAuthorization();
builder.Services.AddSignalR(options => options.AddFilter<TokenHubFilter>()); // checks the token again at each call
builder.Services.AddSingleton<IUserIdProvider, SubjectUserIdProvider>(); // Clients.User(…) uses the token's sub

var app = builder.Build();

app.UseWebSockets();

// A connection closes when its token expires.
app.MapHub<NotificationsHub>("/hubs/notifications", options => options.CloseOnAuthenticationExpiration = true)
    .RequireAuthorization("scope:read");

app.MapPost("/notify/{subject}", (string subject, string text, IHubContext<NotificationsHub> hub) =>
        hub.Clients.User(subject).SendAsync("notified", text))
    .RequireAuthorization("scope:notify");

// A WebSocket without SignalR.
app.Map("/sockets/whoami", async (HttpContext context, ClaimsPrincipal user) =>
{
    if (!context.WebSockets.IsWebSocketRequest)
        return Results.BadRequest();

    using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
    byte[] subject = Encoding.UTF8.GetBytes(user.FindFirst("sub")?.Value ?? "");
    await socket.SendAsync(subject, WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
    await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, context.RequestAborted);
    return Results.Empty;
}).RequireAuthorization("scope:read");

app.Run();

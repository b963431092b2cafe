using System.Net.WebSockets;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.SignalR;
using Notifications;

// An API that browsers hold connections to. They can send no header with a WebSocket, so appsettings.json, beside this program, names the
// paths whose query may have the token (TokenRetrieval:QueryPaths), and keeps ASP.NET Core from logging URLs (Microsoft.AspNetCore: Warning).
var builder = WebApplication.CreateBuilder(args);

builder.Services.AddAuthentication().AddOAuthIntrospection();
builder.Services.AddAuthorization();
builder.Services.AddSignalR(options => options.AddFilter<TokenHubFilter>()); // each call checks the token again
builder.Services.AddSingleton<IUserIdProvider, SubjectUserIdProvider>(); // Clients.User(…) finds the token's sub

var app = builder.Build();

app.UseWebSockets();

// A connection ends when its token does.
app.MapHub<NotificationsHub>("/hubs/notifications", options => options.CloseOnAuthenticationExpiration = true).RequireAuthorization("scope:read");

app.MapPost("/notify/{subject}", (string subject, string text, IHubContext<NotificationsHub> hub) => hub.Clients.User(subject).SendAsync("notified", text))
    .RequireAuthorization("scope:notify");

// The same without SignalR.
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

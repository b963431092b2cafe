using System.Net.Security;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IntrospectionAuth.Interop.OpenIddict;

/// <summary>OpenIddict on a free port of 127.0.0.1, with its tokens in SQLite.</summary>
internal sealed class OpenIddictServer : IAsyncDisposable
{
    private const string Audience = "test_audience"; // a parameter that only this server knows

    // The keys that OpenIddict itself creates have 4096 bits: those of one server take up to half a minute.
    private static readonly RsaSecurityKey s_encryptionKey = new(RSA.Create(2048));
    private static readonly RsaSecurityKey s_signingKey = new(RSA.Create(2048));

    private readonly WebApplication _app;
    private readonly FileInfo _database;
    private readonly HttpClient _client;

    private OpenIddictServer(WebApplication app, FileInfo database, OpenIddictTls? tls)
    {
        _app = app;
        _database = database;
        var handler = new SocketsHttpHandler { UseProxy = false };
        if (tls is not null)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, theirs, _, _) =>
                theirs?.GetCertHashString() == tls.Server.GetCertHashString();
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(tls.Client, additionalCertificates: null);
        }

        _client = new HttpClient(handler) { BaseAddress = new Uri(Issuer) };
    }

    /// <summary>The issuer, with the slash that OpenIddict writes.</summary>
    public string Issuer => _app.Urls.Single() + "/";

    public static async Task<OpenIddictServer> StartAsync(TokenFormat format, OpenIddictTls? tls = null)
    {
        FileInfo database = new(Path.Combine(Path.GetTempPath(), $"openiddict-{Guid.NewGuid():N}.db"));
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                System.Net.IPAddress.Loopback,
                0,
                listen =>
                {
                    if (tls is not null)
                    {
                        listen.UseHttps(https =>
                        {
                            https.ServerCertificate = tls.Server;
                            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                            https.ClientCertificateValidation = static (_, _, _) => true; // OpenIddict decides
                        });
                    }
                }
            )
        );
        builder.Services.AddDbContext<DbContext>(options => options.UseSqlite($"Data Source={database.FullName}").UseOpenIddict());
        builder
            .Services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<DbContext>())
            .AddServer(server => Configure(server, format, tls));

        WebApplication app = builder.Build();
        app.UseAuthentication();
        await using (AsyncServiceScope scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<DbContext>().Database.EnsureCreatedAsync();
            IOpenIddictApplicationManager clients = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
            foreach (OpenIddictApplicationDescriptor client in OpenIddictClients.All(tls))
                await clients.CreateAsync(client);
        }

        await app.StartAsync();
        return new OpenIddictServer(app, database, tls);
    }

    /// <summary>Issues an access token for a user, and a refresh token.</summary>
    public async Task<(string Access, string Refresh)> IssueAsync(string scope, string audience = OpenIddictClients.Api)
    {
        JsonNode tokens = await PostAsync(
            "connect/token",
            ("grant_type", "password"),
            ("username", "alice"),
            ("password", "any"),
            ("scope", scope + " offline_access"),
            (Audience, audience)
        );
        return (tokens["access_token"]!.GetValue<string>(), tokens["refresh_token"]!.GetValue<string>());
    }

    public Task RevokeAsync(string token) => PostAsync("connect/revoke", ("token", token));

    /// <summary>Stops the server, as if its machine had failed.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _database.Delete();
    }

    private static void Configure(OpenIddictServerBuilder server, TokenFormat format, OpenIddictTls? tls)
    {
        server
            .SetTokenEndpointUris("connect/token")
            .SetIntrospectionEndpointUris("connect/introspect")
            .SetRevocationEndpointUris("connect/revoke")
            .AllowPasswordFlow()
            .AllowRefreshTokenFlow()
            .RegisterScopes("read", "write")
            .AddEncryptionKey(s_encryptionKey)
            .AddSigningKey(s_signingKey)
            .AddEventHandler<HandleTokenRequestContext>(handler => handler.UseInlineHandler(SignIn));
        server.UseAspNetCore().DisableTransportSecurityRequirement();
        switch (format)
        {
            case TokenFormat.Reference:
                server.UseReferenceAccessTokens();
                break;
            case TokenFormat.Jwt:
                server.DisableAccessTokenEncryption();
                break;
        }

        if (tls is not null)
            server.EnableSelfSignedTlsClientAuthentication().UseClientCertificateBoundAccessTokens();
    }

    private static ValueTask SignIn(HandleTokenRequestContext context)
    {
        var identity = new ClaimsIdentity("test");
        identity.SetClaim("sub", "alice").SetClaim("name", "Alice").SetClaim("org_id", "org-1");
        identity.SetScopes(context.Request.GetScopes());
        if ((string?)context.Request.GetParameter(Audience) is { Length: > 0 } audience)
            identity.SetResources(audience);
        identity.SetDestinations(static _ => [Destinations.AccessToken]);
        context.SignIn(new ClaimsPrincipal(identity));
        return default;
    }

    private async Task<JsonNode> PostAsync(string path, params (string Name, string Value)[] parameters)
    {
        using var form = new FormUrlEncodedContent([
            .. parameters.Select(it => KeyValuePair.Create(it.Name, it.Value)),
            KeyValuePair.Create("client_id", OpenIddictClients.Browser),
        ]);
        using HttpResponseMessage response = await _client.PostAsync(new Uri(path, UriKind.Relative), form);
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonNode.Parse(body.Length == 0 ? "{}" : body)!;
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Tests.Challenge;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Certificates;

/// <summary>An authorization server on a real TLS socket that requests client certificates and records them.</summary>
internal sealed class CertificateServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;
    private readonly ConcurrentQueue<(string Path, string? Thumbprint, string Form)> _calls = new();

    private CertificateServer(WebApplication app, X509Certificate2 certificate)
    {
        _app = app;
        _certificate = certificate;
    }

    public string Url => _app.Urls.Single();

    /// <summary>The path, the thumbprint of the client certificate, and the form without the token, of each introspection.</summary>
    public IReadOnlyCollection<(string Path, string? Thumbprint, string Form)> Calls => _calls;

    /// <summary>Whether the certificate with a thumbprint is accepted; null accepts all.</summary>
    public Func<string?, bool> IsAccepted { get; set; } = static _ => true;

    /// <summary>Whether a token is bound to the certificate with which it was obtained (RFC 8705, section 3).</summary>
    public bool BindsTokens { get; set; }

    /// <summary>Runs before each response.</summary>
    public Func<Task>? OnCall { get; set; }

    /// <summary>Starts a server.</summary>
    /// <param name="trustedRoot">The only trusted root; null accepts any certificate, and none.</param>
    public static async Task<CertificateServer> StartAsync(X509Certificate2? trustedRoot = null)
    {
        X509Certificate2 certificate = CreateCertificate("server");
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                IPAddress.Loopback,
                0,
                listen =>
                    listen.UseHttps(https =>
                    {
                        https.ServerCertificate = certificate;
                        https.ClientCertificateMode = trustedRoot is null
                            ? ClientCertificateMode.AllowCertificate
                            : ClientCertificateMode.RequireCertificate;
                        https.OnAuthenticate = (_, tls) => tls.CertificateChainPolicy = Trust(trustedRoot);
                        if (trustedRoot is null)
                            https.ClientCertificateValidation = (_, _, _) => true;
                    })
            )
        );
        WebApplication app = builder.Build();
        var server = new CertificateServer(app, certificate);
        app.MapGet(
            "/.well-known/openid-configuration",
            context =>
            {
                context.Response.ContentType = "application/json";
                return context.Response.WriteAsync(
                    $$"""{"issuer":"{{server.Url}}","introspection_endpoint":"{{server.Url}}/introspect","token_endpoint":"{{server.Url}}/token","mtls_endpoint_aliases":{"introspection_endpoint":"{{server.Url}}/mtls","token_endpoint":"{{server.Url}}/mtls/token"} }"""
                );
            }
        );
        app.MapPost("/introspect", server.RespondAsync);
        app.MapPost("/mtls", server.RespondAsync);
        app.MapPost("/token", server.RespondAsync);
        app.MapPost("/mtls/token", server.RespondAsync);
        await app.StartAsync();
        return server;
    }

    public static X509Certificate2 CreateCertificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero), now.AddDays(1));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    /// <summary>The server downloads no certificates, so the client must send the whole chain.</summary>
    private static X509ChainPolicy Trust(X509Certificate2? root)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        if (root is not null)
            policy.CustomTrustStore.Add(root);
        return policy;
    }

    private async Task RespondAsync(HttpContext context)
    {
        IFormCollection form = await context.Request.ReadFormAsync();
        string fields = string.Join(
            '&',
            form.Where(field => field.Key != "token").Select(field => $"{field.Key}={field.Value}").Order(StringComparer.Ordinal)
        );
        _calls.Enqueue((context.Request.Path.Value!, context.Connection.ClientCertificate?.Thumbprint, fields));
        if (OnCall is { } behavior)
            await behavior();

        string? thumbprint = context.Connection.ClientCertificate?.Thumbprint;
        bool isTokenRequest = context.Request.Path.Value!.EndsWith("/token", StringComparison.Ordinal);
        string token = BindsTokens ? "token-for-" + thumbprint : "token-of-the-api";
        context.Response.ContentType = "application/json";
        if (!IsAccepted(thumbprint) || (BindsTokens && !isTokenRequest && context.Request.Headers.Authorization != "Bearer " + token))
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        await context.Response.WriteAsync(
            isTokenRequest
                ? $$"""{"access_token":"{{token}}","token_type":"Bearer","expires_in":3600}"""
                : """{"active":true,"scope":"read"}"""
        );
    }
}

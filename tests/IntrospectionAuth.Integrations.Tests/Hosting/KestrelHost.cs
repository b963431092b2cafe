using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Integrations.Tests.Hosting;

/// <summary>An API on a loopback port of Kestrel, whose tokens the fake authorization server issues.</summary>
internal sealed class KestrelHost(WebApplication app, WarningLog log) : IAsyncDisposable
{
    public Uri Address { get; } = new(app.Urls.Single());

    public IServiceProvider Services => app.Services;

    public IConfigurationRoot Configuration => (IConfigurationRoot)app.Configuration;

    /// <summary>What this library logged as Warning or worse.</summary>
    public IReadOnlyList<string> Warnings => log.Messages;

    public static async Task<KestrelHost> StartAsync(
        FakeAuthorizationServer server,
        Action<WebApplicationBuilder> services,
        Action<WebApplication> endpoints,
        HttpProtocols protocols = HttpProtocols.Http1
    )
    {
        var log = new WarningLog();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(it => it.Protocols = protocols));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.AddProvider(log);
        builder.Services.AddRouting();
        builder.Services.AddProblemDetails();
        builder.Services.AddAuthentication().AddOAuthIntrospection();
        builder.Services.AddAuthorization();
        builder.Services.UseFakeAuthorizationServer(server);
        services(builder);

        WebApplication app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        endpoints(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new KestrelHost(app, log);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

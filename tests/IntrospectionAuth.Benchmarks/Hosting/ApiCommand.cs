using System.Globalization;
using System.Security.Claims;
using IntrospectionAuth.Benchmarks.OneShot;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Benchmarks.Hosting;

/// <summary>
/// The API under flood and soak, and the nodes of a fleet: behind Kestrel, set by configuration, with diagnostics for the parent process.
/// </summary>
internal static class ApiCommand
{
    public const string Read = "/read",
        Open = "/open",
        Forget = "/forget",
        Diagnostics = "/diagnostics";

    private static int s_unobserved;

    public static async Task<int> RunAsync(string[] settings)
    {
        TaskScheduler.UnobservedTaskException += (_, unobserved) =>
        {
            Interlocked.Increment(ref s_unobserved);
            Console.Error.WriteLine(unobserved.Exception);
        };

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(settings);
        builder.Logging.ClearProviders();
        if (builder.Configuration["Log"] is { } file)
            builder.Logging.AddProvider(new FileLog(file));
        if (builder.Configuration["Settings"] is { } changing)
            builder.Configuration.AddJsonFile(changing, optional: false, reloadOnChange: true);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        string? tenantHeader = builder.Configuration["TenantHeader"];
        builder
            .Services.AddAuthentication()
            .AddOAuthIntrospection(options =>
            {
                if (tenantHeader is not null)
                    options.ResolveTenant = OAuthIntrospectionTenantNames.FromHeader(tenantHeader);
            });
        builder.Services.AddAuthorization();
        if (builder.Configuration["Authentication:Schemes:OAuthIntrospection:SharedCache:Redis"] is not null)
            builder.Services.AddOAuthIntrospectionRedis();
        await using WebApplication app = builder.Build();

        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet(Read, static (ClaimsPrincipal user) => user.FindFirstValue("sub")).RequireScope("read");
        app.MapGet(Open, static () => "ok");
        app.MapPost(
                Forget,
                static ([FromForm] string? token, [FromForm] string? subject, [FromForm] string? session, OAuthIntrospectionCache cache) =>
                    token is not null ? cache.RemoveToken(token)
                    : subject is not null ? cache.RemoveSubject(subject)
                    : cache.RemoveSession(session!)
            )
            .RequireScope("admin")
            .DisableAntiforgery();
        if (tenantHeader is not null)
            app.MapBackChannelLogout();
        app.MapGet(
            Diagnostics,
            static () => string.Create(CultureInfo.InvariantCulture, $"{Heap.Measure()} {Volatile.Read(ref s_unobserved)}")
        );

        await app.StartAsync();
        await ChildProcess.ServeParentAsync(app.Urls.First());
        await app.StopAsync(); // requests end before services are disposed
        return 0;
    }
}

using System.Net.Mime;
using IntrospectionAuth.Benchmarks.Workloads;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Benchmarks.Contenders;

/// <summary>This library, registered as in the README, with an authorization server in memory.</summary>
internal sealed class OurHandler : Contender
{
    // The server records its calls; they must not count as memory of the library.
    private const int RecordedCalls = 1_000;

    private int _recorded;

    public FakeAuthorizationServer Server { get; } = FakeAuthorizationServer.Create();

    /// <summary>How the server responds; not set: every token of the workload is active.</summary>
    public RequestDelegate? Respond { get; init; }

    /// <summary>Whether responses are shared with other nodes, of which there are none.</summary>
    public bool SharesResponses { get; init; }

    /// <summary>Whether the diagnostics page is mapped, and so records every decision.</summary>
    public bool ShowsDiagnostics { get; init; }

    /// <summary>Finds the tenant of a request; not set: the scheme has no tenants. Each tenant has the same server.</summary>
    public Func<OAuthIntrospectionTenantRequest, ValueTask<string?>>? ResolveTenant { get; init; }

    public override void Use(WebApplication app)
    {
        base.Use(app);
        if (ShowsDiagnostics)
            app.MapOAuthIntrospectionDiagnostics().RequireAuthorization("scope:diagnostics");
    }

    public override void Register(WebApplicationBuilder builder, Workload workload)
    {
        RequestDelegate respond = Respond ?? (context => RespondAsync(context, workload));
        Server.RespondWith(context =>
        {
            if (Interlocked.Increment(ref _recorded) % RecordedCalls == 0)
                Server.ClearCalls();
            return respond(context);
        });
        builder
            .Services.AddAuthentication()
            .AddOAuthIntrospection(options =>
            {
                if (SharesResponses)
                    options.SharedCache.Secrets.Add(Convert.ToBase64String(new byte[32]));
                if (ResolveTenant is null)
                    return;
                options.ResolveTenant = ResolveTenant;
                options.ConfigureTenant = static (_, _) => new(true);
                options.TenantCache.MaximumTenants = 100_000;
            });
        if (SharesResponses)
            builder.Services.AddSingleton<ISharedCacheEngine, InMemoryEngine>();
        builder.Services.AddAuthorization();
        builder.Services.UseFakeAuthorizationServer(Server);
    }

    public override async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await base.DisposeAsync();
    }

    private static Task RespondAsync(HttpContext context, Workload workload)
    {
        context.Response.ContentType = MediaTypeNames.Application.Json;
        return context
            .Response.Body.WriteAsync(workload.RespondTo(context.Features.GetRequiredFeature<IntrospectionCall>().Token))
            .AsTask();
    }
}

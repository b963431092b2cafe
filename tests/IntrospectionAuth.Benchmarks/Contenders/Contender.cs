using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Builder;

namespace IntrospectionAuth.Benchmarks.Contenders;

/// <summary>An authentication method to compare, registered as in an application.</summary>
internal abstract class Contender : IAsyncDisposable
{
    public const string None = "none",
        Floor = "floor",
        Reference = "reference",
        Ours = "ours",
        Shared = "shared",
        Diagnosed = "diagnosed",
        Tenants = "tenants";

    public static Contender Create(string name) =>
        name switch
        {
            None => new NoAuthentication(),
            Floor => new FrameworkFloor(),
            Reference => new ReferenceCache(),
            Ours => new OurHandler(),
            Shared => new OurHandler { SharesResponses = true },
            Diagnosed => new OurHandler { ShowsDiagnostics = true },
            Tenants => new OurHandler { ResolveTenant = static _ => new("acme") },
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Unknown contender."),
        };

    public abstract void Register(WebApplicationBuilder builder, Workload workload);

    public virtual void Use(WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/", static () => "ok").RequireAuthorization();
    }

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

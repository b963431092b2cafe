using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Builder;
using Microsoft.IdentityModel.Tokens;

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
        Tenants = "tenants",
        JwtRsa = "jwt-rs256",
        JwtEcdsa = "jwt-es256",
        OpenIddict = "openiddict";

    /// <summary>What the report calls each contender.</summary>
    public static IReadOnlyDictionary<string, string> Names { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [None] = "No authentication",
            [Floor] = "Framework floor",
            [Reference] = "Reference",
            [Ours] = "This library",
            [JwtRsa] = "JwtBearer 10.0.15, RS256",
            [JwtEcdsa] = "JwtBearer 10.0.15, ES256",
            [OpenIddict] = "OpenIddict 7.8 validation, RS256",
        };

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
            JwtRsa => new JwtBearer(SecurityAlgorithms.RsaSha256),
            JwtEcdsa => new JwtBearer(SecurityAlgorithms.EcdsaSha256),
            OpenIddict => new OpenIddictValidation(),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Unknown contender."),
        };

    /// <summary>Whether the contender authenticates outside a complete request, by <c>AuthenticateAsync()</c> alone.</summary>
    public static bool AuthenticatesAlone(string name) => name is not (None or OpenIddict);

    /// <summary>The same workload with tokens that the contender accepts.</summary>
    public virtual Workload Adapt(Workload workload) => workload;

    public abstract void Register(WebApplicationBuilder builder, Workload workload);

    public virtual void Use(WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/", static () => "ok").RequireAuthorization();
    }

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

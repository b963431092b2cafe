using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Builder;

namespace IntrospectionAuth.Benchmarks.Contenders;

/// <summary>The endpoint without authentication.</summary>
internal sealed class NoAuthentication : Contender
{
    public override void Register(WebApplicationBuilder builder, Workload workload) { }

    public override void Use(WebApplication app) => app.MapGet("/", static () => "ok");
}

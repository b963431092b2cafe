using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Benchmarks.Http;

/// <summary>One contender behind Kestrel.</summary>
internal static class ServeCommand
{
    /// <summary>The path at which the server tells which <c>Authorization</c> header it accepts.</summary>
    public const string HeaderPath = "/authorization";

    public static async Task<int> RunAsync(string name)
    {
        await using var contender = Contender.Create(name);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        Workload workload = contender.Adapt(new Workload());
        contender.Register(builder, workload);
        await using WebApplication app = builder.Build();
        contender.Use(app);
        app.MapGet(HeaderPath, () => workload.Headers[0]);

        await app.StartAsync();
        await ChildProcess.ServeParentAsync(app.Urls.First());
        return 0;
    }
}

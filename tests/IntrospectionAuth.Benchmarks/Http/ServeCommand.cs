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
    public static async Task<int> RunAsync(string name)
    {
        await using var contender = Contender.Create(name);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        contender.Register(builder, new Workload());
        await using WebApplication app = builder.Build();
        contender.Use(app);

        await app.StartAsync();
        await ChildProcess.ServeParentAsync(app.Urls.First());
        return 0;
    }
}

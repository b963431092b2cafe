using System.Net.Mime;
using System.Security.Cryptography;
using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Figures;
using IntrospectionAuth.Benchmarks.Hosting;
using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Benchmarks.OneShot;

/// <summary>The heap memory retained after 100,000 invalid tokens.</summary>
internal static class InvalidTokens
{
    public const int Count = 100_000;

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static string Create() => RandomNumberGenerator.GetString(Alphabet, 40);

    public static async Task MeasureAsync(FigureSet figures)
    {
        var contender = new OurHandler { Respond = RespondInactiveAsync };
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(contender, new Workload());
        await SendAsync(host, 100);

        long before = Heap.Measure();
        await SendAsync(host, Count);
        figures.Add("invalid-tokens/heap-kept", "bytes", Heap.Measure() - before);
    }

    private static Task SendAsync(BenchmarkHost host, int count) =>
        Parallel.ForAsync(
            0,
            count,
            async (_, _) =>
            {
                int status = await host.SendAsync("Bearer " + Create());
                if (status != StatusCodes.Status401Unauthorized)
                    throw new InvalidOperationException($"The response to an invalid token is {status}, not 401.");
            }
        );

    private static Task RespondInactiveAsync(HttpContext context)
    {
        context.Response.ContentType = MediaTypeNames.Application.Json;
        return context.Response.WriteAsync("""{"active":false}""");
    }
}

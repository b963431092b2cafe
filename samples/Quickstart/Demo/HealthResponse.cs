using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Quickstart.Demo;

/// <summary>Answers a question about health with the sentence for the operator too. An API would not tell it to everybody.</summary>
internal static class HealthResponse
{
    public static HealthCheckOptions Options { get; } = new() { ResponseWriter = WriteAsync };

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        Status = report.Status.ToString(),
        Descriptions = report.Entries.Values.Select(entry => entry.Description),
    });
}

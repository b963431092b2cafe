using System.Net.Mime;
using IntrospectionAuth.Benchmarks.Workloads;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Benchmarks.Contenders;

/// <summary>This library, as the README registers it, and an authorization server in memory.</summary>
internal sealed class OurHandler : Contender
{
    // The server remembers its calls, which must not count as memory of the library.
    private const int RememberedCalls = 1_000;

    private int _remembered;

    public FakeAuthorizationServer Server { get; } = FakeAuthorizationServer.Create();

    /// <summary>How the server answers; not set: every token of the workload is active.</summary>
    public RequestDelegate? Answer { get; init; }

    public override void Register(WebApplicationBuilder builder, Workload workload)
    {
        RequestDelegate answer = Answer ?? (context => RespondAsync(context, workload));
        Server.RespondWith(context =>
        {
            if (Interlocked.Increment(ref _remembered) % RememberedCalls == 0)
                Server.ClearCalls();
            return answer(context);
        });
        builder.Services.AddAuthentication().AddOAuthIntrospection();
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

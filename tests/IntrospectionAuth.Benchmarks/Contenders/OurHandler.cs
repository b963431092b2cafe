using System.Net.Mime;
using IntrospectionAuth.Benchmarks.Workloads;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Benchmarks.Contenders;

/// <summary>This library, as the README registers it, and an authorization server that answers for any token.</summary>
internal sealed class OurHandler : Contender
{
    public FakeAuthorizationServer Server { get; } = FakeAuthorizationServer.Create();

    /// <summary>What a benchmark needs otherwise than by default.</summary>
    public Action<OAuthIntrospectionOptions>? Configure { get; init; }

    public override void Register(WebApplicationBuilder builder, Workload workload)
    {
        Server.AnswerWith(context => AnswerAsync(context, workload));
        builder.Services.AddAuthentication().AddOAuthIntrospection(options => Configure?.Invoke(options));
        builder.Services.AddAuthorization();
        builder.Services.UseFakeAuthorizationServer(Server);
    }

    public override async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await base.DisposeAsync();
    }

    private static Task AnswerAsync(HttpContext context, Workload workload)
    {
        context.Response.ContentType = MediaTypeNames.Application.Json;
        return context.Response.Body.WriteAsync(workload.AnswerTo(context.Features.GetRequiredFeature<IntrospectionCall>().Token)).AsTask();
    }
}

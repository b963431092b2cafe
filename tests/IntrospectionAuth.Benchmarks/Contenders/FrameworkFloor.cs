using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Benchmarks.Contenders;

/// <summary>What ASP.NET Core costs when authentication itself costs nothing.</summary>
internal sealed class FrameworkFloor : Contender
{
    public override void Register(WebApplicationBuilder builder, Workload workload)
    {
        builder.Services.AddSingleton(new ReadyTicket(ClaimReader.Read(workload.RespondTo(Workload.TokenOf(workload.Headers[0])))));
        builder.Services.AddAuthentication(Floor).AddScheme<AuthenticationSchemeOptions, ReadyTicketHandler>(Floor, configureOptions: null);
        builder.Services.AddAuthorization();
    }
}

using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Benchmarks.Contenders;

/// <summary>The cost of ASP.NET Core with authentication that costs nothing.</summary>
internal sealed class FrameworkFloor : Contender
{
    public override void Register(WebApplicationBuilder builder, Workload workload)
    {
        builder.Services.AddSingleton(new PreparedTicket(ClaimReader.Read(workload.RespondTo(Workload.TokenOf(workload.Headers[0])))));
        builder
            .Services.AddAuthentication() // like the others: naming the default scheme costs each request a look-up
            .AddScheme<AuthenticationSchemeOptions, PreparedTicketHandler>(Floor, configureOptions: null);
        builder.Services.AddAuthorization();
    }
}

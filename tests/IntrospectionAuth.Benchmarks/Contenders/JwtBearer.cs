using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace IntrospectionAuth.Benchmarks.Contenders;

/// <summary>ASP.NET Core's handler of signed tokens, with the metadata of the authorization server as after discovery.</summary>
internal sealed class JwtBearer(string algorithm) : Contender
{
    private readonly SignedTokens _tokens = new(algorithm);

    public override Workload Adapt(Workload workload) => workload.WithTokens(_tokens.Sign);

    public override void Register(WebApplicationBuilder builder, Workload workload)
    {
        builder
            .Services.AddAuthentication()
            .AddJwtBearer(options =>
            {
                options.Audience = SignedTokens.Audience;
                options.Configuration = new OpenIdConnectConfiguration { Issuer = SignedTokens.Issuer, SigningKeys = { _tokens.Key } };
            });
        builder.Services.AddAuthorization();
    }
}

using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Validation.AspNetCore;

namespace IntrospectionAuth.Benchmarks.Contenders;

/// <summary>OpenIddict's validation of signed tokens without a call.</summary>
/// <remarks>Its other mode, introspection, keeps no response: every request is a call.</remarks>
internal sealed class OpenIddictValidation : Contender
{
    private readonly SignedTokens _tokens = new(SecurityAlgorithms.RsaSha256);

    public override Workload Adapt(Workload workload) => workload.WithTokens(_tokens.Sign);

    public override void Register(WebApplicationBuilder builder, Workload workload)
    {
        builder
            .Services.AddOpenIddict()
            .AddValidation(options =>
            {
                var issuer = new Uri(SignedTokens.Issuer);
                options.SetIssuer(issuer);
                options.SetConfiguration(new OpenIddictConfiguration { Issuer = issuer, SigningKeys = { _tokens.Key } });
                options.AddAudiences(SignedTokens.Audience);
                options.UseAspNetCore();
            });
        builder.Services.AddAuthentication(OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme); // it does not work without
        builder.Services.AddAuthorization();
    }
}

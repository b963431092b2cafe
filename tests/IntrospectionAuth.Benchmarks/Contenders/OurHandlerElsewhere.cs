using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Benchmarks.Contenders;

/// <summary>This library, and an authorization server that is another's business.</summary>
internal sealed class OurHandlerElsewhere(Action<OAuthIntrospectionOptions> configure) : Contender
{
    public const string Endpoint = "http://127.0.0.1:1/introspect";

    /// <summary>What stands in for the network; not set: the network.</summary>
    public HttpMessageHandler? Network { get; init; }

    public override void Register(WebApplicationBuilder builder, Workload workload)
    {
        builder
            .Services.AddAuthentication()
            .AddOAuthIntrospection(options =>
            {
                options.IntrospectionEndpoint = Endpoint;
                options.ClientId = "api";
                options.ClientSecret = "secret";
                configure(options);
            });
        builder.Services.AddAuthorization();

        if (Network is { } network)
        {
            string client = OAuthIntrospectionDefaults.GetHttpClientName(OAuthIntrospectionDefaults.AuthenticationScheme);
            builder.Services.AddHttpClient(client).ConfigurePrimaryHttpMessageHandler(() => network);
        }
    }
}

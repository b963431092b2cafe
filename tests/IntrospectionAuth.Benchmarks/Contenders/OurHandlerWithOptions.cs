using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Benchmarks.Contenders;

/// <summary>This library with further options and without a fake authorization server.</summary>
internal sealed class OurHandlerWithOptions(Action<OAuthIntrospectionOptions> configure) : Contender
{
    public const string Endpoint = "http://127.0.0.1:1/introspect";

    /// <summary>Replaces the network; not set: calls use the network.</summary>
    public HttpMessageHandler? PrimaryHandler { get; init; }

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

        if (PrimaryHandler is { } primaryHandler)
        {
            string client = OAuthIntrospectionDefaults.GetHttpClientName(OAuthIntrospectionDefaults.AuthenticationScheme);
            builder.Services.AddHttpClient(client).ConfigurePrimaryHttpMessageHandler(() => primaryHandler);
        }
    }
}

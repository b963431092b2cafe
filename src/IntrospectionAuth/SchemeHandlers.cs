using IntrospectionAuth.Certificates;
using IntrospectionAuth.Http;
using IntrospectionAuth.SecurityEvents;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth;

/// <summary>
/// Makes the HTTP handlers of schemes and pollers safe after the application has configured them: its proxy and certificates are kept;
/// settings that would disclose credentials are not.
/// </summary>
internal sealed class SchemeHandlers : IHttpMessageHandlerBuilderFilter
{
    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) =>
        builder =>
        {
            if (
                builder.Name != OAuthIntrospectionDefaults.SecurityEventPollerHttpClientName
                && OAuthIntrospectionDefaults.FindScheme(builder.Name) is null
            )
            {
                next(builder);
                return;
            }

            (string name, IServiceProvider services) = (builder.Name!, builder.Services);
            builder.PrimaryHandler = new LateHandler(() => Create(name, services, next));
        };

    /// <summary>Whether a client whose handlers are not secured yet has code of the application, which may block its thread.</summary>
    public static bool HasApplicationCode(HttpMessageHandlerBuilder builder, HttpClientFactoryOptions client) =>
        builder.AdditionalHandlers.Count > 0
        || client.HttpClientActions.Count > 1 // The library sets the timeout.
        || PrimaryHandler.RunsApplicationCode(builder.PrimaryHandler);

    public static void Secure(
        string scheme,
        HttpMessageHandlerBuilder builder,
        Func<OAuthIntrospectionOptions> options,
        ClientCertificates certificates
    )
    {
        PrimaryHandler.Secure(builder.PrimaryHandler, options().Resilience.MaximumConcurrentCalls);
        builder.PrimaryHandler = certificates.Attach(scheme, builder.PrimaryHandler, options);
        builder.AdditionalHandlers.Add(new HttpsHandler(_ => options().RequireHttps)); // the last one: others may change the URL
    }

    private static (HttpMessageHandler Handler, bool HasApplicationCode) Create(
        string name,
        IServiceProvider services,
        Action<HttpMessageHandlerBuilder> configure
    )
    {
        var builder = services.GetRequiredService<HttpMessageHandlerBuilder>();
        builder.Name = name;
        configure(builder);
        bool hasApplicationCode = HasApplicationCode(
            builder,
            services.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get(name)
        );
        if (OAuthIntrospectionDefaults.FindScheme(name) is { } scheme)
        {
            // Resolved late: code that configures the options may itself need the factory of HTTP clients.
            var options = services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>();
            Secure(scheme, builder, () => options.Get(scheme), services.GetRequiredService<ClientCertificates>());
        }
        else
        {
            PrimaryHandler.Secure(builder.PrimaryHandler, SecurityEventPollerExtensions.MaximumConnections);
            builder.AdditionalHandlers.Add(new HttpsHandler(PollClient.RequiresHttps));
        }

        return (builder.Build(), hasApplicationCode);
    }
}

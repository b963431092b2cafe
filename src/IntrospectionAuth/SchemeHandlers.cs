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
            next(builder);
            if (builder.Name == OAuthIntrospectionDefaults.SecurityEventPollerHttpClientName)
            {
                PrimaryHandler.Secure(builder.PrimaryHandler, SecurityEventPollerExtensions.MaximumConnections);
                builder.AdditionalHandlers.Add(new HttpsHandler(PollClient.RequiresHttps));
            }

            if (OAuthIntrospectionDefaults.FindScheme(builder.Name) is { } scheme)
            {
                // Resolved late: code that configures the options may itself need the factory of HTTP clients.
                var options = builder.Services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>();
                Secure(scheme, builder, () => options.Get(scheme), builder.Services.GetRequiredService<ClientCertificates>());
            }
        };

    public static void Secure(
        string scheme,
        HttpMessageHandlerBuilder builder,
        Func<OAuthIntrospectionOptions> options,
        ClientCertificates certificates
    )
    {
        PrimaryHandler.Secure(builder.PrimaryHandler, options().Resilience.MaximumConcurrentCalls);
        builder.PrimaryHandler = certificates.Attach(scheme, builder.PrimaryHandler, options);
        if (builder.AdditionalHandlers.Count > 0)
            builder.AdditionalHandlers.Insert(0, new OwnThreadHandler(options));
        builder.AdditionalHandlers.Add(new HttpsHandler(_ => options().RequireHttps)); // the last one: others may change the URL
    }
}

using IntrospectionAuth.Certificates;
using IntrospectionAuth.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth;

/// <summary>
/// Makes the handlers of every scheme's HTTP client safe after the application has configured them: its proxy and certificates are kept;
/// settings that would disclose credentials are not.
/// </summary>
internal sealed class SchemeHandlers : IHttpMessageHandlerBuilderFilter
{
    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) =>
        builder =>
        {
            next(builder);
            if (OAuthIntrospectionDefaults.FindScheme(builder.Name) is { } scheme)
                Secure(scheme, builder);
        };

    private static void Secure(string scheme, HttpMessageHandlerBuilder builder)
    {
        // Resolved late: code that configures the options may itself need the factory of HTTP clients.
        var options = builder.Services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>();
        int maximumConnections = options.Get(scheme).Resilience.MaximumConcurrentCalls;
        PrimaryHandler.Secure(builder.PrimaryHandler, maximumConnections);
        builder.PrimaryHandler = builder
            .Services.GetRequiredService<ClientCertificates>()
            .Attach(scheme, builder.PrimaryHandler, () => options.Get(scheme));
        builder.AdditionalHandlers.Insert(0, new HttpsHandler(() => options.Get(scheme)));
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IntrospectionAuth.DiagnosticsPage;

/// <summary>Prevents the start of an application whose diagnostics page would be open outside Development.</summary>
internal sealed class PageStart(IHostEnvironment? environment = null) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        application =>
        {
            next(application);
            if (environment?.IsDevelopment() != true)
                Check(application.ApplicationServices.GetService<EndpointDataSource>()); // before the server listens
        };

    private static void Check(EndpointDataSource? endpoints)
    {
        Endpoint? open = endpoints?.Endpoints.FirstOrDefault(static endpoint =>
            PageAccess.IsPage(endpoint) && !PageAccess.RequiresPolicy(endpoint)
        );
        if (open is RouteEndpoint page)
        {
            throw new InvalidOperationException(
                $"MapOAuthIntrospectionDiagnostics: outside Development, {page.RoutePattern.RawText?.TrimEnd('/')} must require a policy. "
                    + "Call .RequireAuthorization(…) on it with the name of a policy or with a policy, because the default policy admits "
                    + "every caller with a token, and not AllowAnonymous(). Or map the page in Development only."
            );
        }
    }
}

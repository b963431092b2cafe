using IntrospectionAuth.Diagnostics;
using IntrospectionAuth.DiagnosticsPage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the diagnostics page, which shows why tokens were accepted and requests refused.</summary>
public static class OAuthIntrospectionDiagnosticsExtensions
{
    /// <summary>Maps a page with the latest decisions, the schemes and the cache, and the same as JSON.</summary>
    /// <param name="endpoints">The application, or a group.</param>
    /// <param name="pattern">The path of the page. The default is <c>/_introspection</c>.</param>
    /// <returns>The endpoints of the page, for <c>RequireAuthorization</c> and for rate limits.</returns>
    /// <remarks>
    /// <para>
    /// The page shows the responses of the authorization server, in which tokens and secrets are masked and nothing else. In Development it
    /// is open to callers that reach the application by a local name or an IP address. In every other environment the endpoints must
    /// require a policy, <c>RequireAuthorization("operators")</c> for example, or the application does not start.
    /// </para>
    /// <para>
    /// Mapping the page makes the application record its latest 200 decisions. Without it, nothing is recorded.
    /// </para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">There is no introspection scheme.</exception>
    public static IEndpointConventionBuilder MapOAuthIntrospectionDiagnostics(
        this IEndpointRouteBuilder endpoints,
        string pattern = "/_introspection"
    )
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);

        IServiceProvider services = endpoints.ServiceProvider;
        if (services.GetService<DecisionLog>() is not { } log)
        {
            throw new InvalidOperationException(
                "MapOAuthIntrospectionDiagnostics: no introspection scheme. Call AddAuthentication().AddOAuthIntrospection(…) first."
            );
        }

        log.IsEnabled = true;
        var page = ActivatorUtilities.CreateInstance<PageEndpoints>(services);
        RouteGroupBuilder group = endpoints.MapGroup(pattern);
        group.MapGet("", page.SendPageAsync).WithDisplayName("Diagnostics page");
        group.MapGet("/page.css", page.SendStylesAsync).WithDisplayName("Diagnostics page: styles");
        group.MapGet("/page.js", page.SendScriptAsync).WithDisplayName("Diagnostics page: script");
        group.MapGet("/decisions.json", page.SendDecisionsAsync).WithDisplayName("Diagnostics: decisions");
        group.MapGet("/schemes.json", page.SendSchemesAsync).WithDisplayName("Diagnostics: schemes");
        group.MapGet("/cache.json", page.SendCacheAsync).WithDisplayName("Diagnostics: cache");
        group.MapGet("/changes", page.SendChangesAsync).WithDisplayName("Diagnostics: changes");
        group.WithMetadata(new DiagnosticsPageMarker()).ExcludeFromDescription();

        // After all conventions of the application: only then is it known whether the page requires a policy.
        ((IEndpointConventionBuilder)group).Finally(endpoint => PageAccess.Complete(endpoint, page.IsDevelopment));
        return group;
    }
}

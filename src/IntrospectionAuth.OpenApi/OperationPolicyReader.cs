using IntrospectionAuth.Authorization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.OpenApi;

/// <summary>Reads the policy of an operation, as the authorization middleware and the filters of MVC do.</summary>
internal static class OperationPolicyReader
{
    /// <returns>The combined policy; null when there is none, or the operation allows anonymous callers.</returns>
    /// <exception cref="InvalidOperationException">The operation names a policy that does not exist.</exception>
    public static async Task<AuthorizationPolicy?> ReadAsync(ApiDescription operation, IServiceProvider services)
    {
        ActionDescriptor action = operation.ActionDescriptor;
        var provider = services.GetRequiredService<IAuthorizationPolicyProvider>();
        EndpointMetadataCollection metadata = FindMetadata(action, services);
        IFilterMetadata[] filters = [.. (action.FilterDescriptors ?? []).Select(static descriptor => descriptor.Filter)];
        if (Array.Exists(filters, static filter => filter is IAllowAnonymousFilter) || metadata.GetMetadata<IAllowAnonymous>() is not null)
            return null;

        AuthorizationPolicy? policy = await EndpointPolicyReader.ReadAsync(metadata, provider);
        foreach (AuthorizeFilter filter in filters.OfType<AuthorizeFilter>())
        {
            AuthorizationPolicy? added =
                filter.Policy ?? await AuthorizationPolicy.CombineAsync(filter.PolicyProvider ?? provider, filter.AuthorizeData ?? []);
            policy =
                policy is null ? added
                : added is null ? policy
                : AuthorizationPolicy.Combine(policy, added);
        }

        return policy;
    }

    /// <summary>
    /// Finds the metadata of the endpoint. The description of a controller's action lacks what <c>MapControllers()</c> and groups add, such
    /// as <c>RequireAuthorization()</c>.
    /// </summary>
    private static EndpointMetadataCollection FindMetadata(ActionDescriptor action, IServiceProvider services) =>
        action is ControllerActionDescriptor
        && services
            .GetService<EndpointDataSource>()
            ?.Endpoints.FirstOrDefault(endpoint => endpoint.Metadata.GetMetadata<ActionDescriptor>()?.Id == action.Id)
            is { } endpoint
            ? endpoint.Metadata
            : new EndpointMetadataCollection(action.EndpointMetadata ?? []);
}

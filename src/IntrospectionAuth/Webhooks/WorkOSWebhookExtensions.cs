using System.Text;
using IntrospectionAuth;
using IntrospectionAuth.PushedRevocation;
using IntrospectionAuth.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the endpoint that receives the webhooks of WorkOS.</summary>
public static class WorkOSWebhookExtensions
{
    private const int MinimumSecretLength = 16;

    /// <summary>Maps <c>/webhooks/workos</c>, which removes the tokens that WorkOS reports as revoked.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="secret">The signing secret of the endpoint, from the dashboard of WorkOS.</param>
    /// <returns>The endpoint, for rate limits.</returns>
    /// <remarks><inheritdoc cref="MapWorkOSWebhook(IEndpointRouteBuilder, Action{WorkOSWebhookOptions})" path="/remarks"/></remarks>
    /// <exception cref="InvalidOperationException">The secret is too short, or no scheme is registered.</exception>
    public static IEndpointConventionBuilder MapWorkOSWebhook(this IEndpointRouteBuilder endpoints, string secret) =>
        endpoints.MapWorkOSWebhook(options => options.Secrets.Add(secret));

    /// <summary>Maps an endpoint that removes the tokens that WorkOS reports as revoked.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="configure">Sets the path and the secrets.</param>
    /// <returns>The endpoint, for rate limits.</returns>
    /// <remarks>
    /// <para>
    /// The events <c>session.revoked</c>, <c>user.deleted</c>, <c>organization_membership.deleted</c>,
    /// <c>organization_membership.updated</c> and <c>organization.deleted</c> remove the entries of the user or the organization in every
    /// scheme. Other events remove nothing and yield 200.
    /// </para>
    /// <para>
    /// A request without a signature of the last 3 minutes yields 400 and removes nothing. The endpoint handles POST and allows anonymous
    /// callers even with a fallback policy.
    /// </para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">A secret is missing or too short, or no scheme is registered.</exception>
    public static IEndpointConventionBuilder MapWorkOSWebhook(this IEndpointRouteBuilder endpoints, Action<WorkOSWebhookOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(configure);

        var options = new WorkOSWebhookOptions();
        configure(options);
        if (FindFault(options) is { } fault)
            throw new InvalidOperationException($"MapWorkOSWebhook: {fault}");

        IServiceProvider services = endpoints.ServiceProvider;
        var endpoint = new WorkOSWebhookEndpoint(
            [.. options.Secrets.Select(Encoding.UTF8.GetBytes)],
            services.GetService<PushedEvents>()
                ?? throw new InvalidOperationException("MapWorkOSWebhook: no scheme is registered. Call AddOAuthIntrospection first."),
            services.GetRequiredService<TimeProvider>()
        );
        return endpoints
            .MapPost(options.Path, endpoint.HandleAsync)
            .AllowAnonymous()
            .WithDisplayName("WorkOS webhook")
            .ExcludeFromDescription();
    }

    private static string? FindFault(WorkOSWebhookOptions options) =>
        string.IsNullOrEmpty(options.Path) ? "Path is empty."
        : options.Secrets.Count == 0 ? "Secrets is empty. Set the signing secret of the webhook's endpoint."
        : options.Secrets.Any(static secret => secret is not { Length: >= MinimumSecretLength })
            ? $"A secret has fewer than {MinimumSecretLength} characters. Set the signing secret that WorkOS shows for the endpoint."
        : null;
}

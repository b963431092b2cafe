using System.Globalization;
using System.Security.Claims;
using IntrospectionAuth.Authorization;
using IntrospectionAuth.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Tenants;

/// <summary>The requirement that a request is about the tenant that the token was issued for.</summary>
/// <remarks>It decides itself, as the framework's own requirements do: an authorization without it pays nothing.</remarks>
internal sealed class TenantRequirement : IAuthorizationRequirement, IAuthorizationHandler
{
    /// <summary>Initializes the requirement.</summary>
    /// <param name="claim">The member of the response, or the path to one.</param>
    /// <param name="routeValue">The route value that must be equal to it.</param>
    /// <param name="header">The header that must be equal to it.</param>
    /// <exception cref="ArgumentException">No claim is named, or not exactly one of a route value and a header.</exception>
    public TenantRequirement(string claim, string? routeValue, string? header)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(claim);
        if (string.IsNullOrWhiteSpace(routeValue) == string.IsNullOrWhiteSpace(header))
        {
            throw new ArgumentException(
                "Name either the route value or the header that the claim must be equal to. For both, require the tenant twice.",
                nameof(routeValue)
            );
        }

        Claim = claim;
        RouteValue = string.IsNullOrWhiteSpace(routeValue) ? null : routeValue;
        Header = string.IsNullOrWhiteSpace(header) ? null : header;
    }

    public string Claim { get; }

    public string? RouteValue { get; }

    public string? Header { get; }

    public Task HandleAsync(AuthorizationHandlerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);

        if (AuthorizedRequest.Of(context) is { } request && FindTenant(request.Request) is { } tenant && Admits(context.User, tenant))
            context.Succeed(this);
        return Task.CompletedTask;
    }

    /// <summary>Describes the requirement for logs.</summary>
    /// <returns>The names, and no value.</returns>
    public override string ToString() =>
        $"{nameof(TenantRequirement)}: {Claim} equal to {(RouteValue is null ? "header " + Header : "route value " + RouteValue)}";

    /// <summary>The tenant that the request is about; null when it names none, or several.</summary>
    private string? FindTenant(HttpRequest request)
    {
        string? tenant =
            RouteValue is not null ? Convert.ToString(request.RouteValues[RouteValue], CultureInfo.InvariantCulture)
            : request.Headers[Header!] is { Count: 1 } values ? FindOnly(values)
            : null;
        return string.IsNullOrEmpty(tenant) ? null : tenant;
    }

    /// <summary>A proxy may join several lines of a header by commas, and the application may read the first or the last.</summary>
    private static string? FindOnly(StringValues values) =>
        values[0] is { } value && !value.Contains(',', StringComparison.Ordinal) ? value : null;

    /// <summary>
    /// Whether every accepted token was issued for the tenant. Responses are asked, and not claims: those may be mapped, added by the
    /// application, or another scheme's.
    /// </summary>
    private bool Admits(ClaimsPrincipal user, string tenant)
    {
        bool isAdmitted = false;
        foreach (ClaimsIdentity identity in user.Identities)
        {
            if (identity is not DeferredIdentity { IsAuthenticated: true, Response: { } response })
                continue;
            if (!ResponseMembers.HasAt(response, Claim, tenant))
                return false;
            isAdmitted = true;
        }

        return isAdmitted;
    }
}

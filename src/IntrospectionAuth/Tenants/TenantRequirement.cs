using System.Globalization;
using System.Security.Claims;
using IntrospectionAuth.Authorization;
using IntrospectionAuth.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Tenants;

/// <summary>The requirement that the token was issued for the tenant that the request names.</summary>
/// <remarks>It is its own handler, like the framework's requirements, so it adds no cost to authorization without it.</remarks>
internal sealed class TenantRequirement : IAuthorizationRequirement, IAuthorizationHandler
{
    public TenantRequirement(string claim, string? routeValue, string? header)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(claim);
        if (string.IsNullOrWhiteSpace(routeValue) == string.IsNullOrWhiteSpace(header))
        {
            throw new ArgumentException(
                "Name either the route value or the header that the claim must equal. To require both, require the tenant twice.",
                nameof(routeValue)
            );
        }

        Claim = claim;
        RouteValue = string.IsNullOrWhiteSpace(routeValue) ? null : routeValue;
        Header = string.IsNullOrWhiteSpace(header) ? null : header;
    }

    /// <summary>The member of the response, or the path to one.</summary>
    public string Claim { get; }

    public string? RouteValue { get; }

    public string? Header { get; }

    /// <summary>What must be equal, without values.</summary>
    public string Description => $"{Claim} equal to {(RouteValue is null ? "header " + Header : "route value " + RouteValue)}";

    public static TenantRequirement? Parse(string[] arguments) =>
        arguments is [string claim, string routeValue, string header]
        && !string.IsNullOrWhiteSpace(claim)
        && string.IsNullOrWhiteSpace(routeValue) != string.IsNullOrWhiteSpace(header)
            ? new TenantRequirement(claim, routeValue, header)
            : null;

    public Task HandleAsync(AuthorizationHandlerContext context)
    {
        if (AuthorizedRequest.Of(context) is { } request && FindTenant(request.Request) is { } tenant && IsOfTenant(context.User, tenant))
            context.Succeed(this);
        return Task.CompletedTask;
    }

    /// <summary>Describes the requirement for logs, without values.</summary>
    public override string ToString() => $"{nameof(TenantRequirement)}: {Description}";

    /// <returns>The tenant that the request names; null when it names none or several.</returns>
    private string? FindTenant(HttpRequest request)
    {
        string? tenant =
            RouteValue is not null ? Convert.ToString(request.RouteValues[RouteValue], CultureInfo.InvariantCulture)
            : request.Headers[Header!] is { Count: 1 } values ? FindOnly(values)
            : null;
        return string.IsNullOrEmpty(tenant) ? null : tenant;
    }

    /// <summary>A proxy may join several header lines by commas, and the application may read the first value or the last.</summary>
    private static string? FindOnly(StringValues values) =>
        values[0] is { } value && !value.Contains(',', StringComparison.Ordinal) ? value : null;

    /// <summary>
    /// Whether every accepted token was issued for the tenant. It reads the responses rather than claims, which may be mapped, or come
    /// from the application or another scheme.
    /// </summary>
    private bool IsOfTenant(ClaimsPrincipal user, string tenant)
    {
        bool isOfTenant = false;
        foreach (ClaimsIdentity identity in user.Identities)
        {
            if (identity is not DeferredIdentity { IsAuthenticated: true, Response: { } response })
                continue;
            if (!ResponseMembers.HasAt(response, Claim, tenant))
                return false;
            isOfTenant = true;
        }

        return isOfTenant;
    }
}

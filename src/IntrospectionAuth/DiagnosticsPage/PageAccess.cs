using System.Net;
using IntrospectionAuth.Authorization;
using IntrospectionAuth.Diagnostics;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.DiagnosticsPage;

/// <summary>Decides who may open the diagnostics page.</summary>
/// <remarks>
/// An open page must be safe from other pages in the same browser, since any website can send requests to this machine. The browser keeps
/// the responses from them, unless their own host name resolves to this machine (DNS rebinding): then the request names that host.
/// </remarks>
internal static class PageAccess
{
    private const string OtherSite = "The diagnostics page does not serve other sites.";

    private const string Unreadable = "unreadable.invalid"; // not a local name

    // Names that no public DNS server resolves (RFC 6761, RFC 6762, and ICANN's reservation of "internal").
    private static readonly string[] s_localDomains = [".localhost", ".local", ".internal", ".test"];

    /// <summary>In Development the page is open, also under a fallback policy, unless the application requires authorization.</summary>
    public static void Complete(EndpointBuilder endpoint, bool isDevelopment)
    {
        if (isDevelopment && !endpoint.Metadata.OfType<IAuthorizeData>().Any())
            endpoint.Metadata.Add(new AllowAnonymousAttribute());
    }

    public static bool IsPage(Endpoint endpoint) => endpoint.Metadata.GetMetadata<DiagnosticsPageMarker>() is not null;

    /// <summary>Whether an endpoint requires more than authentication: every customer of an API may have a token.</summary>
    /// <remarks>
    /// It must have an <see cref="IAuthorizeData"/>: only such endpoints fail in an application without the authorization middleware. Of
    /// the library's own requirements only scopes count: the others are about how recent or strong the authentication is, and every
    /// customer has a tenant.
    /// </remarks>
    public static bool RequiresPolicy(Endpoint endpoint)
    {
        IReadOnlyList<IAuthorizeData> data = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>();
        return data.Count > 0
            && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
            && (
                endpoint.Metadata.GetMetadata<AuthorizationPolicy>() is not null
                || endpoint.Metadata.GetOrderedMetadata<IAuthorizationRequirementData>().Any(static it => !IsMetByAnyCaller(it))
                || data.Any(static it => IsRestricting(it.Policy) || !string.IsNullOrWhiteSpace(it.Roles))
            );
    }

    private static bool IsMetByAnyCaller(IAuthorizationRequirementData data) =>
        data is RequirementMetadata && !data.GetRequirements().OfType<ScopeRequirement>().Any();

    private static bool IsRestricting(string? policy) =>
        !string.IsNullOrWhiteSpace(policy) && AttributePolicyName.Parse(policy) is null or (nameof(RequireScopeAttribute), _);

    /// <returns>Why the caller may not see the page; null when it may.</returns>
    public static string? FindFault(HttpContext context, bool isDevelopment)
    {
        if (IsForeign(context.Request))
            return OtherSite; // regardless of the application's CORS policy
        if (context.GetEndpoint() is { } endpoint && RequiresPolicy(endpoint))
            return null; // the authorization middleware has enforced it
        if (!isDevelopment)
            return "The diagnostics page requires a policy.";
        if (!HostsOf(context.Request).All(static host => IsLocal(new HostString(host).Host)))
        {
            return "Open the diagnostics page by localhost or an IP address, or have it require a policy: any website can give its own "
                + "host name the address of this machine.";
        }

        string site = context.Request.Headers["Sec-Fetch-Site"].ToString();
        bool isNavigation = context.Request.Headers["Sec-Fetch-Mode"] == "navigate";
        return site is "" or "same-origin" or "none" || isNavigation ? null : OtherSite;
    }

    /// <summary>Whether a script of another site sends the request: it has an <c>Origin</c>, unlike a GET of the page itself.</summary>
    private static bool IsForeign(HttpRequest request) =>
        request.Headers.Origin.ToString() is { Length: > 0 } origin
        && !origin.EndsWith("://" + HostOf(request), StringComparison.OrdinalIgnoreCase);

    /// <summary>Request.Host decodes the header and may throw, so the header itself is read.</summary>
    private static string HostOf(HttpRequest request) => request.Headers.Host.ToString();

    /// <summary>The host, the one before the forwarded headers middleware replaced it, and those that proxies and tunnels name.</summary>
    /// <remarks>
    /// Any script can add <c>X-Forwarded-Host</c> or <c>Forwarded</c> (RFC 7239), so they replace none. But a tunnel or a proxy calls this
    /// machine by a local name, and only these headers have the public name.
    /// </remarks>
    private static IEnumerable<string> HostsOf(HttpRequest request) =>
        request
            .Headers["X-Forwarded-Host"]
            .SelectMany(static value => (value ?? "").Split(',', StringSplitOptions.TrimEntries))
            .Concat(request.Headers["Forwarded"].SelectMany(static value => HostsOf(value ?? "")))
            .Append(HostOf(request))
            .Append(request.Headers["X-Original-Host"].ToString());

    /// <summary>The hosts in a value of <c>Forwarded</c>. A part that is no pair counts as one, so that it closes the page.</summary>
    /// <remarks>A comma or a semicolon in quotes separates, too: no host has one, and the page is at most closed once too often.</remarks>
    private static IEnumerable<string> HostsOf(string forwarded)
    {
        foreach (string part in forwarded.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair.Length < 2)
                yield return Unreadable;
            else if (pair[0].Equals("host", StringComparison.OrdinalIgnoreCase))
                yield return pair[1].Trim('"');
        }
    }

    private static bool IsLocal(string host) =>
        !host.Contains('.', StringComparison.Ordinal)
        || IPAddress.TryParse(host, out _)
        || Array.Exists(s_localDomains, domain => host.EndsWith(domain, StringComparison.OrdinalIgnoreCase));
}

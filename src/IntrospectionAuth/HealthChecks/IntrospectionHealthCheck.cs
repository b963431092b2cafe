using System.Globalization;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Server;
using IntrospectionAuth.SharedCache;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.HealthChecks;

/// <summary>Reports whether tokens can be introspected: from a recent response to any caller, otherwise from a probe.</summary>
internal sealed class IntrospectionHealthCheck(
    string? scheme,
    TimeSpan interval,
    IAuthenticationSchemeProvider schemes,
    IOptionsMonitor<OAuthIntrospectionOptions> options,
    SchemeServers servers,
    Fleets fleets,
    ServerProbes probes,
    IntrospectionCache cache
) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        HealthStatus failure = context.Registration.FailureStatus;
        IEnumerable<string> names = await FindSchemesAsync();
        HealthCheckResult[] results = await Task.WhenAll(names.Select(name => CheckAsync(name, failure, cancellationToken)));

        HealthCheckResult worst = results.MinBy(static result => result.Status);
        IEnumerable<string?> troubles = results
            .Where(static result => result.Status != HealthStatus.Healthy)
            .Select(static result => result.Description);
        return results.Length == 1
            ? worst
            : new HealthCheckResult(
                worst.Status,
                worst.Status == HealthStatus.Healthy ? "The authorization servers respond." : string.Join(' ', troubles),
                worst.Exception,
                worst.Data
            );
    }

    private async Task<IEnumerable<string>> FindSchemesAsync()
    {
        AuthenticationScheme[] all = await schemes.GetIntrospectionSchemesAsync();
        return scheme is null && all.Length > 0
            ? all.Select(static it => it.Name)
            : [(await schemes.FindIntrospectionSchemeAsync(scheme, caller: "The health check", setting: "scheme")).Name];
    }

    private async Task<HealthCheckResult> CheckAsync(string name, HealthStatus failure, CancellationToken cancellationToken)
    {
        OAuthIntrospectionOptions current = options.Get(name);
        SchemeServer server = servers.Get(name, current);
        if (current.ResolvesTenants)
            return SharedCacheHealth.FindFault(server) ?? SharedCacheHealth.FindFaultOfTenants(name, fleets) ?? HasTenants(name);

        HealthCheckResult result = await CheckServerAsync(server, failure, cancellationToken);
        return result.Status == HealthStatus.Healthy && SharedCacheHealth.FindFault(server) is { } fault ? fault : result;
    }

    private async Task<HealthCheckResult> CheckServerAsync(SchemeServer server, HealthStatus failure, CancellationToken cancellationToken)
    {
        string name = server.Name;
        if (server.Guard.HasRespondedWithin(interval))
            return Responds(name);

        try
        {
            IntrospectionResult result = await probes.ProbeAsync(server, interval).WaitAsync(cancellationToken);
            if (result.Unavailability is { } unavailability)
                return Describe(server, unavailability, failure);
            return server.Guard.Evidence.IsDoubtful ? Doubtful(name) : Responds(name);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(
                failure,
                $"Scheme {name}: the authorization server is not called, because the application's own event handler fails.",
                exception,
                Data(name, exception.GetType().FullName!, retryAfter: null)
            );
        }
    }

    private HealthCheckResult Describe(SchemeServer server, Unavailability unavailability, HealthStatus failure)
    {
        string name = server.Name;
        Dictionary<string, object> data = Data(name, unavailability.ErrorType, unavailability.RetryAfter);
        switch (unavailability.Reason)
        {
            case UnavailableReason.Refused:
                string code = unavailability.ErrorCode is { } error ? $", error code {error}" : "";
                string status = ((int?)unavailability.StatusCode ?? 0).ToString(CultureInfo.InvariantCulture);
                return new(
                    failure,
                    $"Scheme {name}: the authorization server rejects the credentials or the request of this API: status {status}{code}.",
                    exception: null,
                    data
                );
            case UnavailableReason.NotIssued when unavailability.StatusCode is not null:
                return new(
                    failure,
                    $"Scheme {name}: the token endpoint issued no usable token for this API: {unavailability.Fault}.",
                    exception: null,
                    data
                );
            case UnavailableReason.UnexpectedStatus when unavailability.MayMeanInactive:
                return new(
                    HealthStatus.Degraded,
                    $"Scheme {name}: the authorization server responds {unavailability.ErrorType}, which InactiveStatusCodes "
                        + $"takes for an inactive token, but has not yet shown that it accepts the credentials of this API.",
                    exception: null,
                    data
                );
            case UnavailableReason.Stopped:
                return new(failure, $"Scheme {name}: the application is stopping.", exception: null, data);
            case var _ when cache.HasActive(server.Scheme):
                return new(
                    HealthStatus.Degraded,
                    $"Scheme {name}: the authorization server sends no usable response ({unavailability.ErrorType}). "
                        + "Cached responses remain in use.",
                    exception: null,
                    data
                );
            default:
                return new(
                    failure,
                    $"Scheme {name}: the authorization server sends no usable response ({unavailability.ErrorType}), "
                        + "and no active response is cached.",
                    exception: null,
                    data
                );
        }
    }

    private static HealthCheckResult Responds(string name) =>
        new(
            HealthStatus.Healthy,
            $"Scheme {name}: the authorization server responds.",
            exception: null,
            new Dictionary<string, object>(StringComparer.Ordinal) { ["scheme"] = name }
        );

    /// <summary>One tenant's server that is down must not take the API out of service for the others.</summary>
    private static HealthCheckResult HasTenants(string name) =>
        new(
            HealthStatus.Healthy,
            $"Scheme {name}: each tenant has an authorization server of its own, which is not probed.",
            exception: null,
            new Dictionary<string, object>(StringComparer.Ordinal) { ["scheme"] = name }
        );

    private static HealthCheckResult Doubtful(string name) =>
        new(
            HealthStatus.Degraded,
            $"Scheme {name}: for a while the authorization server has sent only statuses of InactiveStatusCodes, so "
                + $"every token is rejected. Check whether it still accepts the credentials of this API.",
            exception: null,
            Data(name, "inactive_status", retryAfter: null)
        );

    private static Dictionary<string, object> Data(string name, string errorType, TimeSpan? retryAfter)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal) { ["scheme"] = name, ["error.type"] = errorType };
        if (retryAfter is { } wait)
            data["retry_after"] = wait;
        return data;
    }
}

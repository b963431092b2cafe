using System.Globalization;
using IntrospectionAuth.Caching;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Server;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.HealthChecks;

/// <summary>Tells an operator whether tokens can be introspected: by an answer that somebody got lately, or else by a probe.</summary>
internal sealed class IntrospectionHealthCheck(
    string? scheme,
    TimeSpan interval,
    IAuthenticationSchemeProvider schemes,
    IOptionsMonitor<OAuthIntrospectionOptions> options,
    SchemeServers servers,
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
                worst.Status == HealthStatus.Healthy ? "The authorization servers answer." : string.Join(' ', troubles),
                worst.Exception,
                worst.Data
            );
    }

    private async Task<IEnumerable<string>> FindSchemesAsync()
    {
        string[] introspecting =
        [
            .. (await schemes.GetAllSchemesAsync())
                .Where(static it => it.HandlerType == typeof(OAuthIntrospectionHandler))
                .Select(static it => it.Name),
        ];
        if (introspecting.Length == 0)
        {
            throw new InvalidOperationException(
                "No introspection scheme is registered. Call services.AddAuthentication().AddOAuthIntrospection()."
            );
        }

        if (scheme is null)
            return introspecting;

        return introspecting.Contains(scheme, StringComparer.Ordinal)
            ? [scheme]
            : throw new InvalidOperationException(
                $"Scheme {scheme} is no introspection scheme. Those are: {string.Join(", ", introspecting)}. Name one of them in the health check."
            );
    }

    private async Task<HealthCheckResult> CheckAsync(string name, HealthStatus failure, CancellationToken cancellationToken)
    {
        SchemeServer server = servers.Get(name, options.Get(name));
        if (server.Guard.HasRespondedWithin(interval))
            return Responds(name);

        try
        {
            IntrospectionResult result = await probes.AskAsync(server, interval).WaitAsync(cancellationToken);
            if (result.Unavailability is { } unavailability)
                return Describe(server, unavailability, failure);
            return server.Guard.Evidence.IsDoubtful ? Doubtful(name) : Responds(name);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(
                failure,
                $"Scheme {name}: the authorization server is not asked, because the application's own event handler fails.",
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
                    $"Scheme {name}: the authorization server refuses the credentials or the request of this API: status {status}{code}.",
                    exception: null,
                    data
                );
            case UnavailableReason.NotIssued when unavailability.StatusCode is not null:
                return new(
                    failure,
                    $"Scheme {name}: the token endpoint issues no token with which this API could ask: {unavailability.Fault}.",
                    exception: null,
                    data
                );
            case UnavailableReason.UnexpectedStatus when unavailability.MayMeanInactive:
                return new(
                    HealthStatus.Degraded,
                    $"Scheme {name}: the authorization server answers {unavailability.ErrorType}, which InactiveStatusCodes "
                        + $"takes for an inactive token, but has not yet shown that it accepts the credentials of this API.",
                    exception: null,
                    data
                );
            case UnavailableReason.Stopped:
                return new(failure, $"Scheme {name}: the application stops.", exception: null, data);
            case var _ when cache.HasActive(server.Scheme):
                return new(
                    HealthStatus.Degraded,
                    $"Scheme {name}: the authorization server gives no usable answer ({unavailability.ErrorType}). Answers that are kept still serve.",
                    exception: null,
                    data
                );
            default:
                return new(
                    failure,
                    $"Scheme {name}: the authorization server gives no usable answer ({unavailability.ErrorType}), and no active one is kept.",
                    exception: null,
                    data
                );
        }
    }

    private static HealthCheckResult Responds(string name) =>
        new(
            HealthStatus.Healthy,
            $"Scheme {name}: the authorization server answers.",
            exception: null,
            new Dictionary<string, object>(StringComparer.Ordinal) { ["scheme"] = name }
        );

    private static HealthCheckResult Doubtful(string name) =>
        new(
            HealthStatus.Degraded,
            $"Scheme {name}: the authorization server has answered nothing but statuses of InactiveStatusCodes for a while, so that "
                + $"every token is refused. Check whether it still accepts the credentials of this API.",
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

using IntrospectionAuth.Outcomes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.TenantResolution;

/// <summary>Logs why tenants of a scheme cannot be used: once a minute for each.</summary>
internal sealed class TenantFaultLog(string scheme, TimeProvider time, RareMessages rare, ILogger logger)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <param name="name">The name of the tenant.</param>
    /// <param name="fault">What the application's code threw, or what is wrong with the options.</param>
    /// <param name="loggedAt">When a fault of this tenant was last logged.</param>
    /// <param name="isKept">Whether its previous settings stay in use.</param>
    /// <returns>When a fault of this tenant was last logged, now included.</returns>
    public DateTimeOffset Write(string name, Exception fault, DateTimeOffset? loggedAt, bool isKept)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (loggedAt is { } earlier && now - earlier < Interval)
            return earlier;

        string consequence = isKept ? "its previous settings stay in use" : "its callers get 503";
        if (fault is OptionsValidationException invalid)
        {
            logger.TenantInvalid(scheme, LogText.Escape(name), consequence, string.Join(' ', invalid.Failures));
        }
        else if (rare.IsDue(scheme, nameof(Log.TenantNotResolved), time, out long suppressed))
        {
            // Without its name: it is not known whether there is such a tenant.
            logger.TenantNotResolved(scheme, consequence, suppressed, fault);
        }

        return now;
    }

    /// <summary>The same for a tenant that is not in use.</summary>
    /// <returns>What its callers get until it is resolved again.</returns>
    public AbsentTenant WriteAbsent(TenantInResolution tenant, Exception fault, DateTimeOffset? loggedAt, TimeSpan retryInterval)
    {
        DateTimeOffset logged = Write(tenant.Name, fault, loggedAt, isKept: false);
        var unavailability = new Unavailability(UnavailableReason.TenantNotResolved)
        {
            Fault = fault is OptionsValidationException ? "the settings of the tenant are invalid" : "the tenant cannot be resolved",
            Exception = fault,
            RequestedDelay = retryInterval,
        };
        return new AbsentTenant(unavailability, time.GetUtcNow() + retryInterval, logged, tenant.SchemeOptions)
        {
            RequiresDPoP = tenant.Options?.RequireDPoP == true,
        };
    }
}

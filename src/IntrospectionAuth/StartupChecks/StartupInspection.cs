using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.StartupChecks;

/// <summary>Examines the endpoints, policies and schemes of the application once it has started.</summary>
/// <remarks>
/// Endpoints are known only then. What cannot work stops the start with an exception; what is probably a mistake is a warning. Endpoints
/// and schemes that are added later are not examined.
/// </remarks>
internal sealed class StartupInspection(IServiceScopeFactory scopes, ILogger<StartupInspection> logger) : IHostedLifecycleService
{
    private static readonly Func<ApplicationFacts, IEnumerable<StartupFinding>>[] s_checks =
    [
        UnknownPolicyCheck.Find,
        ScopeNameCheck.Find,
        DefaultSchemeCheck.Find,
        UnregisteredSchemeCheck.Find,
        ForwardCircleCheck.Find,
        TenantRouteCheck.Find,
        AnonymousEndpointCheck.Find,
        ResourceCheck.Find,
        MetadataRouteCheck.Find,
        IgnoredSecretCheck.Find,
    ];

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        StartupFinding[] findings = await FindAsync();
        foreach (StartupFinding finding in findings.Where(static finding => !finding.IsFatal))
            logger.StartupWarning(finding.Check, finding.Text);

        string[] faults = [.. findings.Where(static finding => finding.IsFatal).Select(static finding => finding.Text)];
        if (faults.Length > 0)
            throw new InvalidOperationException(string.Join(Environment.NewLine, faults));
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Providers of policies, schemes and endpoints are the application's own code, which must not fail because of the checks.
    /// </summary>
    private async Task<StartupFinding[]> FindAsync()
    {
        try
        {
            await using AsyncServiceScope scope = scopes.CreateAsyncScope();
            ApplicationFacts facts = await new ApplicationReader(scope.ServiceProvider).ReadAsync();
            return [.. s_checks.SelectMany(check => check(facts))];
        }
        catch (Exception exception)
        {
            logger.StartupChecksFailed(exception);
            return [];
        }
    }
}

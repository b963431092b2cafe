namespace IntrospectionAuth.TenantResolution;

/// <summary>Builds the options of tenants within the timeout of their scheme, a limited number at the same time.</summary>
/// <remarks>
/// Code of the application may ignore its cancellation. Then it runs on as overdue code, and no longer takes a place that other tenants
/// need.
/// </remarks>
internal sealed class TenantBuilds(string scheme, TenantOptionsBuilder builder, TimeProvider time) : IDisposable
{
    /// <summary>The others wait within their timeout.</summary>
    public const int MaximumConcurrency = 64;

    /// <summary>Beyond it, a tenant is not built again before its overdue code has ended.</summary>
    public const int MaximumOverdueOfTenant = 8;

    /// <summary>Beyond it, overdue code keeps its place until it ends.</summary>
    private const int MaximumOverdue = 1_000;

    private readonly SemaphoreSlim _places = new(MaximumConcurrency);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _overdue = new(StringComparer.Ordinal);
    private int _overdueCount;

    /// <returns>The options; null when there is no such tenant. Anything that the code of the application throws is thrown.</returns>
    /// <exception cref="OperationCanceledException">The timeout has passed.</exception>
    /// <exception cref="InvalidOperationException">Too much overdue code of this tenant still runs.</exception>
    public async Task<OAuthIntrospectionOptions?> RunAsync(TenantInResolution tenant)
    {
        ThrowIfTooMuchIsOverdue(tenant.Name);
        using var timer = new CancellationTokenSource(tenant.SchemeOptions.Timeout, time);
        CancellationToken end = timer.Token;
        await _places.WaitAsync(end);
        Task<OAuthIntrospectionOptions?> building = Task.Run(() => builder.BuildAsync(scheme, tenant, end), CancellationToken.None);
        bool keepsPlace = false;
        try
        {
            return await building.WaitAsync(end);
        }
        catch (OperationCanceledException) when (!building.IsCompleted)
        {
            keepsPlace = LetRunOn(tenant.Name, building);
            throw;
        }
        finally
        {
            if (!keepsPlace)
                _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();

    private void ThrowIfTooMuchIsOverdue(string tenant)
    {
        lock (_lock)
        {
            if (_overdue.GetValueOrDefault(tenant) >= MaximumOverdueOfTenant)
                throw new InvalidOperationException("the code that resolved it before has not ended, although it was cancelled");
        }
    }

    /// <returns>Whether the code keeps its place until it ends.</returns>
    private bool LetRunOn(string tenant, Task building)
    {
        bool keepsPlace;
        lock (_lock)
        {
            keepsPlace = _overdueCount >= MaximumOverdue;
            _overdueCount++;
            _overdue[tenant] = _overdue.GetValueOrDefault(tenant) + 1;
        }

        _ = building.ContinueWith(
            ended =>
            {
                _ = ended.Exception; // observed: no caller waits for it
                EndOverdue(tenant);
                if (keepsPlace)
                    _places.Release();
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        return keepsPlace;
    }

    private void EndOverdue(string tenant)
    {
        lock (_lock)
        {
            _overdueCount--;
            if (--_overdue[tenant] == 0)
                _overdue.Remove(tenant);
        }
    }
}

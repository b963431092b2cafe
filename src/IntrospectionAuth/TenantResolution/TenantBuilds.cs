namespace IntrospectionAuth.TenantResolution;

/// <summary>Builds the options of tenants within the timeout of their scheme, a limited number at the same time.</summary>
internal sealed class TenantBuilds(string scheme, TenantOptionsBuilder builder, TimeProvider time) : IDisposable
{
    // The others wait within their timeout.
    private const int MaximumConcurrency = 64;

    private readonly SemaphoreSlim _places = new(MaximumConcurrency);

    /// <returns>The options; null when there is no such tenant. Anything that the code of the application throws is thrown.</returns>
    /// <exception cref="OperationCanceledException">The timeout has passed.</exception>
    public async Task<OAuthIntrospectionOptions?> RunAsync(TenantInResolution tenant)
    {
        using var timer = new CancellationTokenSource(tenant.SchemeOptions.Timeout, time);
        CancellationToken end = timer.Token;
        await _places.WaitAsync(end);
        Task<OAuthIntrospectionOptions?> building = Task.Run(() => BuildAsync(tenant, end), CancellationToken.None);
        return await building.WaitAsync(end); // the code of the application may ignore its token
    }

    public void Dispose() => _places.Dispose();

    private async Task<OAuthIntrospectionOptions?> BuildAsync(TenantInResolution tenant, CancellationToken cancellationToken)
    {
        try
        {
            return await builder.BuildAsync(scheme, tenant.Name, tenant.SchemeOptions, cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }
}

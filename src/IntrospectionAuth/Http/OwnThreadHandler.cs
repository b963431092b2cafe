namespace IntrospectionAuth.Http;

/// <summary>
/// Runs the HTTP handlers of the application on a thread of their own. One that blocks it, waiting for a token for example, must not
/// outlast <see cref="OAuthIntrospectionOptions.Timeout"/>.
/// </summary>
internal sealed class OwnThreadHandler(Func<OAuthIntrospectionOptions> options) : DelegatingHandler
{
    private readonly StuckThreads _stuck = new();

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_stuck.Count >= options().Resilience.MaximumConcurrentCalls)
            throw new InvalidOperationException("Handlers of the HTTP client block as many threads as MaximumConcurrentCalls allows.");

        return _stuck.RunAsync(() => base.SendAsync(request, cancellationToken), cancellationToken);
    }
}

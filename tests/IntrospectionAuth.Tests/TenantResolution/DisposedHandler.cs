namespace IntrospectionAuth.Tests.TenantResolution;

/// <summary>A handler of an application that records when it is disposed.</summary>
internal sealed class DisposedHandler : DelegatingHandler
{
    private readonly TaskCompletionSource _disposed = new();

    public Task Disposed => _disposed.Task;

    protected override void Dispose(bool disposing)
    {
        _disposed.TrySetResult();
        base.Dispose(disposing);
    }
}

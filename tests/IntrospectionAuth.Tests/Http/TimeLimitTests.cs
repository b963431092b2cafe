using IntrospectionAuth.Http;

namespace IntrospectionAuth.Tests.Http;

/// <summary>Code of the application that ignores its cancellation holds no caller up.</summary>
public sealed class TimeLimitTests
{
    [Fact]
    public async Task Waiting_ends_when_the_time_is_up_and_a_late_response_is_disposed()
    {
        var sending = new TaskCompletionSource<HttpResponseMessage>();
        using var end = new CancellationTokenSource();
        Task waiting = sending.Task.WithinTimeoutAsync(end.Token);
        Assert.False(waiting.IsCompleted);

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        var content = new Content();
        sending.SetResult(new HttpResponseMessage { Content = content });
        await content.Disposed.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task The_fault_of_a_task_is_thrown() =>
        await Assert.ThrowsAsync<IOException>(() => Task.FromException(new IOException()).WithinTimeoutAsync(CancellationToken.None));

    private sealed class Content() : ByteArrayContent([])
    {
        private readonly TaskCompletionSource _disposed = new();

        public Task Disposed => _disposed.Task;

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            _disposed.TrySetResult();
        }
    }
}

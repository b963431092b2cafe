using IntrospectionAuth.Http;

namespace IntrospectionAuth.Tests.Http;

/// <summary>On which thread a request runs, and what is sent when the time is up.</summary>
public sealed class RequestSenderTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(false, false, true)] // Finding the settings of the client may run code of the application.
    [InlineData(false, true, true)]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    public async Task Code_of_the_application_never_runs_on_the_thread_of_the_caller(bool isKnown, bool hasCode, bool hasOwnThread)
    {
        var clients = new FakeClients(static _ => Task.FromResult(new HttpResponseMessage()), hasCode);
        var sender = new RequestSender(clients);
        if (isKnown)
            (await SendAsync(sender)).Dispose();
        Thread? caller = Thread.CurrentThread; // until it waits: then it may run other work
        bool isCaller = false;
        clients.OnCreate = () => isCaller = Thread.CurrentThread == Volatile.Read(ref caller);

        Task<HttpResponseMessage> sending = SendAsync(sender);
        Volatile.Write(ref caller, null);
        (await sending).Dispose();

        Assert.Equal(hasOwnThread, !isCaller);
    }

    [Fact]
    public async Task No_more_threads_than_the_maximum_are_blocked()
    {
        using var released = new ManualResetEventSlim();
        var entered = new TaskCompletionSource();
        var clients = new FakeClients(static _ => Task.FromResult(new HttpResponseMessage()), hasApplicationCode: true)
        {
            OnCreate = () =>
            {
                entered.TrySetResult();
                released.Wait(s_patience);
            },
        };
        var sender = new RequestSender(clients);
        using var end = new CancellationTokenSource();
        try
        {
            Task<HttpResponseMessage> blocked = SendAsync(sender, end.Token);
            await entered.Task.WaitAsync(s_patience);
            await end.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => blocked);

            var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync(sender, end.Token));
            Assert.Equal("Code of the application in the HTTP client blocks 1 threads, the maximum.", exception.Message);
        }
        finally
        {
            released.Set();
            await clients.Disposed.WaitAsync(s_patience);
        }
    }

    [Fact]
    public async Task Nothing_is_sent_when_the_time_is_up_before_the_client_is_created()
    {
        bool isSent = false;
        using var end = new CancellationTokenSource();
        var clients = new FakeClients(_ =>
        {
            isSent = true;
            return Task.FromResult(new HttpResponseMessage());
        })
        {
            OnCreate = end.Cancel,
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendAsync(new RequestSender(clients), end.Token));
        await clients.Disposed.WaitAsync(s_patience);

        Assert.False(isSent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_that_ignores_its_cancellation_ends_when_the_time_is_up(bool hasCode)
    {
        Task<HttpResponseMessage> response = Task.FromResult(new HttpResponseMessage());
        var sender = new RequestSender(new FakeClients(_ => response, hasCode));
        (await SendAsync(sender)).Dispose();
        response = new TaskCompletionSource<HttpResponseMessage>().Task;
        using var end = new CancellationTokenSource();

        Task<HttpResponseMessage> sending = SendAsync(sender, end.Token);
        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(s_patience));
    }

    private static Task<HttpResponseMessage> SendAsync(RequestSender sender, CancellationToken cancellationToken = default) =>
        sender.SendAsync("client", new HttpRequestMessage(HttpMethod.Get, "https://auth.example.com"), 1, cancellationToken);
}

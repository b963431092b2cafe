using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;

namespace IntrospectionAuth.Integrations.Tests.GrpcServices;

/// <summary>Counts the HTTP requests that a gRPC client sends: one for each attempt of a call.</summary>
internal sealed class Attempts(int expected = 1) : DelegatingHandler(new SocketsHttpHandler())
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Completes when the expected number of attempts is sent.</summary>
    public Task Reached => _reached.Task.WaitAsync(TestContext.Current.CancellationToken);

    /// <returns>Options of a channel whose attempts are counted here.</returns>
    /// <param name="repeats">How every method repeats a call.</param>
    public GrpcChannelOptions CreateOptions(MethodConfig repeats)
    {
        repeats.Names.Add(MethodName.Default);
        return new()
        {
            HttpHandler = this,
            ServiceConfig = new ServiceConfig { MethodConfigs = { repeats } },
        };
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _count) == expected)
            _reached.SetResult();
        return base.SendAsync(request, cancellationToken);
    }
}

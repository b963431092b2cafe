using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace IntrospectionAuth.Benchmarks.Hosting;

/// <summary>A server without a network: a call runs the application's pipeline on the caller's thread.</summary>
internal sealed class DirectServer : IServer
{
    private Func<IFeatureCollection, Task>? _process;

    public IFeatureCollection Features { get; } = new FeatureCollection();

    public Task ProcessAsync(IFeatureCollection request) => _process!(request);

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        _process = async request =>
        {
            TContext context = application.CreateContext(request);
            await application.ProcessRequestAsync(context);
            await ((DirectResponse)request.GetRequiredFeature<IHttpResponseFeature>()).CompleteAsync(); // before the end, as in Kestrel
            application.DisposeContext(context, exception: null);
        };
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() { }
}

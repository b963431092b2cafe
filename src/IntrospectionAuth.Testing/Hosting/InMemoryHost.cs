using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Testing.Hosting;

/// <summary>Runs the server in memory.</summary>
internal sealed class InMemoryHost(Uri baseAddress) : IServerHost
{
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private TestServer? _server;

    public Uri BaseAddress => baseAddress;

    public void Start(RequestDelegate pipeline)
    {
        _server = new TestServer(_services) { BaseAddress = baseAddress };
        ((IServer)_server).StartAsync(new PipelineApplication(pipeline), CancellationToken.None).GetAwaiter().GetResult();
    }

    public HttpMessageHandler CreateHandler() => new InMemoryHandler(_server!.CreateHandler());

    public async ValueTask DisposeAsync()
    {
        _server?.Dispose();
        await _services.DisposeAsync();
    }
}

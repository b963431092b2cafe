namespace IntrospectionAuth.Testing.Hosting;

/// <summary>Runs the server in memory or on a loopback port.</summary>
internal interface IServerHost : IAsyncDisposable
{
    Uri BaseAddress { get; }

    HttpMessageHandler CreateHandler();
}

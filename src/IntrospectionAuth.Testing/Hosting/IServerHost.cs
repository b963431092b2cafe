namespace IntrospectionAuth.Testing.Hosting;

/// <summary>Where the server runs: in memory, or on a loopback port.</summary>
internal interface IServerHost : IAsyncDisposable
{
    Uri BaseAddress { get; }

    HttpMessageHandler CreateHandler();
}

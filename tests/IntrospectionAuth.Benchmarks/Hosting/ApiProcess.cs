using System.Globalization;

namespace IntrospectionAuth.Benchmarks.Hosting;

/// <summary>The API in a child process.</summary>
internal sealed class ApiProcess : IAsyncDisposable
{
    private const string Scheme = "--Authentication:Schemes:" + OAuthIntrospectionDefaults.AuthenticationScheme + ":";

    private readonly ChildProcess _process;
    private readonly HttpClient _diagnostics;

    private ApiProcess(ChildProcess process)
    {
        _process = process;
        _diagnostics = new HttpClient { BaseAddress = process.Address, Timeout = TimeSpan.FromMinutes(1) };
    }

    public Uri Address => _process.Address;

    /// <summary>Starts the API with settings of the scheme, such as <c>Cache:MaximumAge=00:00:05</c>.</summary>
    public static async Task<ApiProcess> StartAsync(params IEnumerable<string> settings) =>
        new(await ChildProcess.StartAsync(["api", .. settings.Select(setting => Scheme + setting)]));

    /// <summary>Measures the API's heap after a garbage collection.</summary>
    /// <returns>The bytes on the heap, and the number of unobserved task exceptions.</returns>
    public async Task<(long Heap, int Unobserved)> DiagnoseAsync()
    {
        string[] diagnostics = (await _diagnostics.GetStringAsync(ApiCommand.Diagnostics)).Split(' ');
        return (long.Parse(diagnostics[0], CultureInfo.InvariantCulture), int.Parse(diagnostics[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Creates a client with its own connections, at most this many.</summary>
    public HttpClient CreateClient(int connections) =>
        new(
            new SocketsHttpHandler
            {
                MaxConnectionsPerServer = connections,
                UseProxy = false,
                UseCookies = false,
            }
        )
        {
            BaseAddress = Address,
            Timeout = TimeSpan.FromMinutes(1),
        };

    public async ValueTask DisposeAsync()
    {
        _diagnostics.Dispose();
        await _process.DisposeAsync();
    }
}

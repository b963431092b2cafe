using System.Globalization;

namespace IntrospectionAuth.Benchmarks.Hosting;

/// <summary>The API in a process of its own.</summary>
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

    /// <summary>Starts it with settings of the scheme: <c>Cache:MaximumAge=00:00:05</c>.</summary>
    public static async Task<ApiProcess> StartAsync(params IEnumerable<string> settings) =>
        new(await ChildProcess.StartAsync(["api", .. settings.Select(setting => Scheme + setting)]));

    /// <summary>Lets it collect its garbage, and asks what is left.</summary>
    /// <returns>The bytes on the heap, and how many exceptions of tasks nobody has looked at.</returns>
    public async Task<(long Heap, int Unobserved)> DiagnoseAsync()
    {
        string[] answer = (await _diagnostics.GetStringAsync(ApiCommand.Diagnostics)).Split(' ');
        return (long.Parse(answer[0], CultureInfo.InvariantCulture), int.Parse(answer[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Creates a client with at most so many connections of its own.</summary>
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

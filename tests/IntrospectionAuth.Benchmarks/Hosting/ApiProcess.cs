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

    /// <summary>The id of the process.</summary>
    public int Id => _process.Id;

    public TimeSpan ProcessorTime => _process.ProcessorTime;

    /// <summary>Starts the API with settings of the scheme, such as <c>Cache:MaximumAge=00:00:05</c>.</summary>
    /// <param name="log">The file to which the API logs; null for none.</param>
    /// <param name="settings">The settings.</param>
    public static async Task<ApiProcess> StartAsync(string? log, params IEnumerable<string> settings) =>
        new(
            await ChildProcess.StartAsync([
                "api",
                .. log is null ? (string[])[] : ["--Log=" + log],
                .. settings.Select(setting => Scheme + setting),
            ])
        );

    /// <summary>Starts the API with the settings of a JSON file, which it reads again when it changes.</summary>
    /// <param name="log">The file to which the API logs.</param>
    /// <param name="settings">The file of the settings.</param>
    /// <param name="tenantHeader">The header that names the tenant.</param>
    public static async Task<ApiProcess> StartAsync(string log, string settings, string tenantHeader) =>
        new(await ChildProcess.StartAsync(["api", "--Log=" + log, "--Settings=" + settings, "--TenantHeader=" + tenantHeader]));

    /// <inheritdoc cref="StartAsync(string?, IEnumerable{string})"/>
    public static Task<ApiProcess> StartAsync(params IEnumerable<string> settings) => StartAsync(log: null, settings);

    /// <summary>Measures the API's heap after a garbage collection.</summary>
    /// <returns>The bytes on the heap, and the number of unobserved task exceptions.</returns>
    public async Task<(long Heap, int Unobserved)> DiagnoseAsync()
    {
        string[] diagnostics = (await _diagnostics.GetStringAsync(ApiCommand.Diagnostics)).Split(' ');
        return (long.Parse(diagnostics[0], CultureInfo.InvariantCulture), int.Parse(diagnostics[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Ends the process as a crash does.</summary>
    public Task KillAsync() => _process.KillAsync();

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

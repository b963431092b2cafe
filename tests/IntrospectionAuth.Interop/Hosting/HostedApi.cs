using IntrospectionAuth.Interop.Processes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Interop.Hosting;

/// <summary>
/// Starts samples/Api in the process of the tests: its own entry point, with Kestrel on a socket of its own. A process of its own takes a
/// second of processor time to start, so only the tests that are about a process have one.
/// </summary>
internal static class HostedApi
{
    /// <param name="settings">Settings of the scheme by configuration key, such as <c>Cache:MaximumAge</c>.</param>
    public static async Task<SampleApi> StartAsync(Dictionary<string, string> settings)
    {
        var output = new OutputLog();
        var application = new WebApplicationFactory<Program>();
        WebApplicationFactory<Program> factory = application.WithWebHostBuilder(builder =>
        {
            builder.UseEnvironment("Production").UseContentRoot(Path.GetDirectoryName(Repository.SampleApi)!).UseUrls("http://127.0.0.1:0");
            foreach ((string name, string value) in settings)
                builder.UseSetting("Authentication:Schemes:OAuthIntrospection:" + name, value);
            builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(new OutputLoggerProvider(output)));
        });
        factory.UseKestrel();
        var host = new Host(application, factory);
        try
        {
            factory.StartServer();
            return new SampleApi(host, output, factory.ClientOptions.BaseAddress.ToString());
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    private sealed class Host(params WebApplicationFactory<Program>[] factories) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (WebApplicationFactory<Program> factory in factories.Reverse())
                await factory.DisposeAsync();
        }
    }
}

using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Discovery;

/// <summary>An API that knows its authorization server by <c>Authority</c> alone, and reaches it over a socket.</summary>
internal sealed class DiscoveryApi : IAsyncDisposable
{
    private readonly TestApi _api;
    private readonly FakeAuthorizationServer _unused;

    private DiscoveryApi(TestApi api, FakeAuthorizationServer unused, ManualTimeProvider time)
    {
        _api = api;
        _unused = unused;
        Time = time;
    }

    public HttpClient Client => _api.Client;

    public LogRecorder Signal => _api.Log;

    public ManualTimeProvider Time { get; }

    public string Log => _api.Log.Text;

    public IReadOnlyCollection<LogEntry> Entries => _api.Log.Entries;

    public IServiceProvider Services => _api.Services;

    /// <summary>Starts an API that authenticates with a secret, unless the options say otherwise.</summary>
    public static Task<DiscoveryApi> StartAsync(
        string authority,
        Action<OAuthIntrospectionOptions>? configure = null,
        Action<IServiceCollection>? services = null,
        Action<IConfigurationManager>? configuration = null,
        Action<WebApplication>? endpoints = null,
        string scheme = OAuthIntrospectionDefaults.AuthenticationScheme
    ) =>
        StartAsync(
            options =>
            {
                if (authority.Length > 0)
                    options.Authority = authority;
                options.ClientId = "api";
                options.ClientSecret = "secret";
                configure?.Invoke(options);
            },
            services,
            configuration,
            endpoints,
            scheme
        );

    public static async Task<DiscoveryApi> StartAsync(
        Action<OAuthIntrospectionOptions>? configure,
        Action<IServiceCollection>? services = null,
        Action<IConfigurationManager>? configuration = null,
        Action<WebApplication>? endpoints = null,
        string scheme = OAuthIntrospectionDefaults.AuthenticationScheme,
        Action<IServiceCollection>? before = null
    )
    {
        var unused = FakeAuthorizationServer.Create();
        var time = new ManualTimeProvider();
        TestApi api = await TestApi.StartAsync(
            unused,
            new TestApiSetup
            {
                Schemes = [],
                Time = time,
                Configuration = configuration,
                Endpoints = endpoints,
                Services = it =>
                {
                    before?.Invoke(it);
                    it.AddAuthentication().AddOAuthIntrospection(scheme, options => configure?.Invoke(options));
                    services?.Invoke(it);
                },
            }
        );
        return new DiscoveryApi(api, unused, time);
    }

    /// <summary>Waits until calls and fetches of documents have begun: each starts one timer for its timeout.</summary>
    public Task WaitForCallsAsync(int calls, int fetches) =>
        Time.WaitForTimersAsync(new OAuthIntrospectionOptions().Timeout, calls + fetches);

    public Task<HttpResponseMessage> SendAsync(string token, CancellationToken cancellationToken = default) =>
        _api.GetAsync("/read", token, cancellationToken);

    public async Task<int> GetAsync(string token, CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage response = await SendAsync(token, cancellationToken);
        return (int)response.StatusCode;
    }

    public async Task<int> GetAsync(string token, string path)
    {
        using HttpResponseMessage response = await _api.GetAsync(path, token);
        return (int)response.StatusCode;
    }

    public async Task<string> GetTextAsync(string path)
    {
        using HttpResponseMessage response = await _api.Client.GetAsync(path);
        return await response.Content.ReadAsStringAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _unused.DisposeAsync();
    }
}

using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Conventions;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Providers;

/// <summary>A fake server of a provider's provider, and an API with the provider's preset, set in code or in configuration.</summary>
internal sealed class ProviderApi(FakeAuthorizationServerProvider provider, string clientId = "client-of-the-api") : IAsyncDisposable
{
    public const string Token = "opaque-token-4711";
    private const string Secret = "secret-of-the-api";

    private TestApi? _api;

    /// <summary>The preset in code, with the API's secret.</summary>
    public required Action<OAuthIntrospectionOptions, string> Preset { get; init; }

    /// <summary>The same preset in configuration, with the API's secret.</summary>
    public required Func<string, (string Key, string Value)[]> Settings { get; init; }

    public FakeAuthorizationServer Server { get; } =
        FakeAuthorizationServer.Create(options =>
            (options.Provider, options.ClientId, options.ClientSecret) = (provider, clientId, Secret)
        );

    public LogRecorder Log => _api!.Log;

    public static string Recorded(string name) => Repository.Read($"tests/IntrospectionAuth.Tests/Providers/Recorded/{name}.json");

    public static string Recorded(string name, string part, string replacement) =>
        Recorded(name).Replace(part, replacement, StringComparison.Ordinal);

    public Task<HttpResponseMessage> GetAsync(string path = "/me") => GetAsync(path, Token);

    public Task<HttpResponseMessage> GetAsync(string path, string token) => _api!.GetAsync(path, token);

    public Task<AuthenticateResult> AuthenticateAsync() => _api!.AuthenticateAsync(Token);

    public Task StartAsync(bool fromConfiguration, string secret = Secret) =>
        fromConfiguration ? StartFromConfigurationAsync(secret) : StartAsync(secret: secret);

    public Task StartFromConfigurationAsync(string secret = Secret, string? without = null) =>
        StartAsync(
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(),
                Configuration = configuration =>
                {
                    foreach ((string key, string value) in Settings(secret).Where(setting => setting.Key != without))
                        configuration[$"Authentication:Schemes:OAuthIntrospection:{key}"] = value;
                },
            }
        );

    public Task StartAsync(
        Action<OAuthIntrospectionOptions>? configure = null,
        Action<WebApplication>? endpoints = null,
        TimeProvider? time = null,
        string secret = Secret
    ) =>
        StartAsync(
            new TestApiSetup
            {
                Services = services =>
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(options =>
                        {
                            Preset(options, secret);
                            configure?.Invoke(options);
                        }),
                Endpoints = endpoints,
                Time = time,
            }
        );

    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
            await _api.DisposeAsync();
        await Server.DisposeAsync();
    }

    private async Task StartAsync(TestApiSetup setup) => _api = await TestApi.StartAsync(Server, setup);
}

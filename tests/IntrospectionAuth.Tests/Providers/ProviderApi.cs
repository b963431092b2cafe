using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Conventions;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Providers;

/// <summary>Starts an API with a provider's preset, set in code or in configuration.</summary>
internal static class ProviderApi
{
    public const string Token = "opaque-token-4711";

    public static string Recorded(string name) => Repository.Read($"tests/IntrospectionAuth.Tests/Providers/Recorded/{name}.json");

    public static Task<TestApi> StartAsync(
        FakeAuthorizationServer server,
        Action<OAuthIntrospectionOptions> preset,
        TimeProvider? time = null
    ) => TestApi.StartAsync(server, preset, time);

    public static Task<TestApi> StartAsync(FakeAuthorizationServer server, params (string Key, string Value)[] settings) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(),
                Configuration = configuration =>
                {
                    foreach ((string key, string value) in settings)
                        configuration[$"Authentication:Schemes:OAuthIntrospection:{key}"] = value;
                },
            }
        );

    /// <summary>The options that a preset sets.</summary>
    public static OAuthIntrospectionOptions Options(Action<OAuthIntrospectionOptions> preset)
    {
        var options = new OAuthIntrospectionOptions();
        preset(options);
        return options;
    }
}

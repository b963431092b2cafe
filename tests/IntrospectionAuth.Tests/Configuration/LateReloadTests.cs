using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Configuration;

/// <summary>A changed configuration of a scheme that was added at run time.</summary>
public sealed class LateReloadTests
{
    private const string Late = "later";
    private const string Section = "Authentication:Schemes:" + Late + ":";

    [Fact]
    public async Task A_change_takes_effect()
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        await using TestApi api = await StartAsync(server, ("ClientSecret", "a-secret-that-the-server-rejects"));
        string token = server.IssueToken();
        Assert.False((await api.AuthenticateAsync(token, Late)).Succeeded);

        Change(api, "ClientSecret", server.ClientSecret);

        Assert.True((await api.AuthenticateAsync(token, Late)).Succeeded);
    }

    [Fact]
    public async Task A_change_that_is_invalid_is_logged_and_has_no_effect()
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        await using TestApi api = await StartAsync(server);
        string token = server.IssueToken();
        Assert.True((await api.AuthenticateAsync(token, Late)).Succeeded);

        Change(api, "Timeout", "soon");

        Assert.True((await api.AuthenticateAsync(token, Late)).Succeeded);
        Assert.Contains(api.Log.Entries, static it => it.Event.Name == "ReloadRejected");
    }

    [Fact]
    public async Task A_scheme_that_was_invalid_works_when_its_settings_are_corrected()
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        await using TestApi api = await StartAsync(server, ("Timeout", "soon"));
        string token = server.IssueToken();
        await Assert.ThrowsAsync<OptionsValidationException>(() => api.AuthenticateAsync(token, Late));

        Change(api, "Timeout", "5");

        Assert.True((await api.AuthenticateAsync(token, Late)).Succeeded);
    }

    private static void Change(TestApi api, string key, string value)
    {
        var root = (IConfigurationRoot)api.Services.GetRequiredService<IConfiguration>();
        root[Section + key] = value;
        root.Reload();
    }

    private static async Task<TestApi> StartAsync(FakeAuthorizationServer server, params (string Key, string Value)[] further)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [Section + "IntrospectionEndpoint"] = server.IntrospectionEndpoint,
            [Section + "ClientId"] = server.ClientId,
            [Section + "ClientSecret"] = server.ClientSecret,
        };
        foreach ((string key, string value) in further)
            settings[Section + key] = value;

        TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = static services => services.AddAuthentication().AddOAuthIntrospection(),
                Configuration = configuration => configuration.AddInMemoryCollection(settings),
            }
        );
        var schemes = api.Services.GetRequiredService<IAuthenticationSchemeProvider>();
        AuthenticationScheme registered = (await schemes.GetSchemeAsync(OAuthIntrospectionDefaults.AuthenticationScheme))!;
        schemes.AddScheme(new AuthenticationScheme(Late, displayName: null, registered.HandlerType));
        return api;
    }
}

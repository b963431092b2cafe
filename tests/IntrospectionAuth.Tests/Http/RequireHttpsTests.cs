using System.Net;
using System.Net.Sockets;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Claims;
using IntrospectionAuth.Tests.ClientCredentials;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Responses;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Http;

/// <summary>Plain http to a host that is not loopback (compose, sidecars): refused, unless the application says so.</summary>
public sealed class RequireHttpsTests
{
    private const string Prefix = "Authentication:Schemes:OAuthIntrospection:";

    [Theory]
    [InlineData("IntrospectionEndpoint", "IntrospectionEndpoint")]
    [InlineData("Authority", "Authority")]
    [InlineData("ClientCredentials:TokenEndpoint", "ClientCredentials.TokenEndpoint")]
    [InlineData("Resource", "Resource")]
    [InlineData("ResourceMetadata:AuthorizationServers:0", "ResourceMetadata.AuthorizationServers")]
    public async Task Plain_http_stops_the_application_with_a_message_that_names_RequireHttps(string key, string setting)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(Settings(key, requireHttps: true)));

        string failure = Assert.Single(exception.Failures);
        Assert.Contains($"{setting} ", failure, StringComparison.Ordinal);
        Assert.Contains("is plain http", failure, StringComparison.Ordinal);
        Assert.Contains("RequireHttps", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("IntrospectionEndpoint")]
    [InlineData("Authority")]
    [InlineData("ClientCredentials:TokenEndpoint")]
    [InlineData("Resource")]
    [InlineData("ResourceMetadata:AuthorizationServers:0")]
    public async Task Without_RequireHttps_the_application_starts_with_one_warning_that_names_scheme_and_host(string key)
    {
        await using DiscoveryApi api = await StartAsync(Settings(key, requireHttps: false));

        Assert.Equal(["Scheme OAuthIntrospection: RequireHttps is false, and keycloak:8080 is called over plain http"], Warnings(api));
    }

    [Theory]
    [InlineData("https://keycloak:8080/introspect")]
    [InlineData("http://localhost:8080/introspect")]
    [InlineData("http://127.0.0.1:8080/introspect")]
    [InlineData("http://[::1]:8080/introspect")]
    public async Task Calls_over_https_or_loopback_log_no_warning(string endpoint)
    {
        await using DiscoveryApi api = await StartAsync(new() { ["IntrospectionEndpoint"] = endpoint, ["RequireHttps"] = "false" });

        Assert.Empty(Warnings(api));
    }

    [Fact]
    public async Task An_authority_that_is_not_called_is_no_reason_for_a_warning()
    {
        await using DiscoveryApi api = await StartAsync(
            new()
            {
                ["Authority"] = "http://keycloak:8080/realms/x",
                ["IntrospectionEndpoint"] = "https://auth.example.com/introspect",
                ["RequireHttps"] = "false",
            }
        );

        Assert.Empty(Warnings(api));
    }

    [Fact]
    public async Task The_warning_names_each_host_once_and_is_repeated_only_when_the_hosts_change()
    {
        IConfigurationManager? settings = null;
        await using DiscoveryApi api = await StartAsync(
            new()
            {
                ["IntrospectionEndpoint"] = "http://keycloak:8080/introspect",
                ["Resource"] = "http://API.internal/x",
                ["ResourceMetadata:AuthorizationServers:0"] = "http://keycloak:8080/realms/x",
                ["RequireHttps"] = "false",
            },
            it => settings = it
        );

        Reload(settings!, "Timeout", "3");
        Reload(settings!, "IntrospectionEndpoint", "http://other/introspect");
        Reload(settings!, "IntrospectionEndpoint", "http://other/elsewhere");

        Assert.Equal(
            [
                "Scheme OAuthIntrospection: RequireHttps is false, and api.internal, keycloak:8080 is called over plain http",
                "Scheme OAuthIntrospection: RequireHttps is false, and api.internal, keycloak:8080, other is called over plain http",
            ],
            Warnings(api)
        );
    }

    [Fact]
    public async Task Each_scheme_has_its_own_warning()
    {
        await using DiscoveryApi api = await DiscoveryApi.StartAsync(
            Configure,
            services =>
                services
                    .AddAuthentication()
                    .AddOAuthIntrospection("second", Configure)
                    .AddOAuthIntrospection(
                        "third",
                        options =>
                        {
                            Configure(options);
                            options.IntrospectionEndpoint = "https://keycloak/introspect";
                        }
                    )
        );

        Assert.Equal(
            [
                "Scheme OAuthIntrospection: RequireHttps is false, and keycloak is called over plain http",
                "Scheme second: RequireHttps is false, and keycloak is called over plain http",
            ],
            Warnings(api).Order(StringComparer.Ordinal)
        );

        static void Configure(OAuthIntrospectionOptions options)
        {
            options.IntrospectionEndpoint = "http://keycloak/introspect";
            options.ClientId = "api";
            options.ClientSecret = "secret";
            options.RequireHttps = false;
        }
    }

    [Fact]
    public async Task Without_RequireHttps_an_endpoint_at_any_host_is_called()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        string? host = null;
        server.On(
            "/introspect",
            context =>
            {
                host = context.Request.Host.Host;
                return MetadataServer.WriteAsync(context, """{"active":true,"scope":"read"}""");
            }
        );
        await using DiscoveryApi api = await StartAsync(
            new() { ["IntrospectionEndpoint"] = AtKeycloak(server.Url) + "/introspect", ["RequireHttps"] = "false" }
        );

        Assert.Equal(200, await api.GetAsync("token"));
        Assert.Equal("keycloak", host);
    }

    [Theory]
    [InlineData(MetadataServer.OpenId)]
    [InlineData(MetadataServer.OAuth)]
    public async Task Without_RequireHttps_metadata_at_any_host_is_discovered(string wellKnown)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        string issuer = AtKeycloak(server.Url);
        server.PublishText(wellKnown, $$"""{"issuer":"{{issuer}}","introspection_endpoint":"{{issuer}}/introspect"}""");
        await using DiscoveryApi api = await StartAsync(new() { ["Authority"] = issuer, ["RequireHttps"] = "false" });

        Assert.Equal(200, await api.GetAsync("token"));
        Assert.Single(Warnings(api)); // none for the endpoint, which is on the host of Authority
    }

    [Fact]
    public async Task Without_RequireHttps_a_token_endpoint_at_any_host_issues_the_token_configured_or_discovered()
    {
        await using TokenServer server = await TokenServer.StartAsync();
        string issuer = AtKeycloak(server.Url);
        server.Publish(
            $$"""{"issuer":"{{issuer}}","introspection_endpoint":"{{issuer}}/introspect","token_endpoint":"{{issuer}}/token"}"""
        );

        await using DiscoveryApi discovered = await StartAsync(
            new()
            {
                ["Authority"] = issuer,
                ["ClientAuthenticationMethod"] = "client_credentials",
                ["RequireHttps"] = "false",
            }
        );
        await using DiscoveryApi configured = await StartAsync(
            new()
            {
                ["IntrospectionEndpoint"] = issuer + "/introspect",
                ["ClientAuthenticationMethod"] = "client_credentials",
                ["ClientCredentials:TokenEndpoint"] = issuer + "/token",
                ["RequireHttps"] = "false",
            }
        );

        Assert.Equal((200, 200), (await discovered.GetAsync("token"), await configured.GetAsync("token")));
        Assert.Equal(2, server.TokenRequests.Count);
    }

    [Fact]
    public async Task Without_RequireHttps_keys_at_any_host_verify_signed_responses()
    {
        await using SignedServer server = await SignedServer.StartAsync();
        string issuer = AtKeycloak(server.Url);
        server.Http.PublishText(
            MetadataServer.OpenId,
            $$"""{"issuer":"{{issuer}}","introspection_endpoint":"{{issuer}}/introspect","jwks_uri":"{{issuer}}/jwks"}"""
        );
        server.RespondSigned(signed => signed.Claims["iss"] = issuer);
        await using DiscoveryApi api = await StartAsync(
            new()
            {
                ["Authority"] = issuer,
                ["RequireSignedResponse"] = "true",
                ["RequireHttps"] = "false",
            }
        );

        Assert.Equal(200, await api.GetAsync("token"));
        Assert.Equal(1, server.KeyFetches);
    }

    [Theory]
    [InlineData("introspection_endpoint", "its introspection_endpoint is plain http, which RequireHttps forbids")]
    [InlineData(
        "mtls_endpoint_aliases",
        "the introspection_endpoint of its mtls_endpoint_aliases is plain http, which RequireHttps forbids"
    )]
    [InlineData("jwks_uri", "its jwks_uri is plain http, which RequireHttps forbids")]
    public async Task Metadata_with_plain_http_URLs_is_unusable_and_the_log_names_RequireHttps(string member, string fault)
    {
        await using SignedServer server = await SignedServer.StartAsync();
        string endpoint = member == "introspection_endpoint" ? "http://keycloak" : server.Url;
        string alias = member == "mtls_endpoint_aliases" ? "http://keycloak" : server.Url;
        string keys = member == "jwks_uri" ? "http://keycloak" : server.Url;
        server.Http.PublishText(
            MetadataServer.OpenId,
            $$"""
            {"issuer":"{{server.Url}}","introspection_endpoint":"{{endpoint}}/introspect","jwks_uri":"{{keys}}/jwks",
             "mtls_endpoint_aliases":{"introspection_endpoint":"{{alias}}/introspect"} }
            """
        );
        await using DiscoveryApi api = await server.StartApiAsync();

        Assert.Equal(503, await api.GetAsync("token"));
        Assert.Contains(fault, api.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_endpoint_over_plain_http_counts_as_absent_until_RequireHttps_is_off()
    {
        await using TokenServer server = await TokenServer.StartAsync();
        string endpoint = AtKeycloak(server.Url) + "/token";
        server.Publish(
            $$"""{"issuer":"{{server.Url}}","introspection_endpoint":"{{server.Url}}/introspect","token_endpoint":"{{endpoint}}"}"""
        );
        IConfigurationManager? settings = null;
        await using DiscoveryApi api = await StartAsync(
            new() { ["Authority"] = server.Url, ["ClientAuthenticationMethod"] = "client_credentials" },
            it => settings = it
        );

        Assert.Equal(503, await api.GetAsync("token"));
        Assert.Empty(server.TokenRequests);
        Reload(settings!, "RequireHttps", "false");

        Assert.Equal(200, await api.GetAsync("token"));
    }

    [Fact]
    public async Task Plain_http_URLs_of_the_metadata_are_logged_once_and_not_used_once_https_is_required()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        string endpoint = AtKeycloak(server.Url);
        server.PublishText(MetadataServer.OpenId, $$"""{"issuer":"{{server.Url}}","introspection_endpoint":"{{endpoint}}/introspect"}""");
        IConfigurationManager? settings = null;
        await using DiscoveryApi api = await StartAsync(
            new() { ["Authority"] = server.Url, ["RequireHttps"] = "false" },
            it => settings = it
        );

        Assert.Equal(200, await api.GetAsync("kept"));
        Assert.Equal(
            [$"Scheme OAuthIntrospection: RequireHttps is false, and {new Uri(endpoint).Authority} is called over plain http"],
            Warnings(api)
        );
        Reload(settings!, "RequireHttps", "true");

        Assert.Equal((503, 503), (await api.GetAsync("kept"), await api.GetAsync("another")));
        Assert.Equal(1, server.Count("POST /introspect"));
    }

    [Fact]
    public async Task A_redirect_to_https_is_not_followed_either()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.RespondAt("/introspect", StatusCodes.Status308PermanentRedirect, location: server.Url + "/elsewhere");
        await using DiscoveryApi api = await StartAsync(
            new() { ["IntrospectionEndpoint"] = AtKeycloak(server.Url) + "/introspect", ["RequireHttps"] = "false" }
        );

        Assert.Equal(503, await api.GetAsync("token"));
        Assert.Equal(["POST /introspect"], server.Requests);
    }

    private static Dictionary<string, string?> Settings(string key, bool requireHttps)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ClientCredentials:TokenEndpoint"] = "https://auth.example.com/token",
            ["ClientAuthenticationMethod"] = "client_credentials",
            ["RequireHttps"] = requireHttps ? "true" : "false",
        };
        if (key != "Authority")
            settings["IntrospectionEndpoint"] = "https://auth.example.com/introspect";
        if (key.StartsWith("ResourceMetadata", StringComparison.Ordinal))
            settings["Resource"] = "https://api.example.com";
        settings[key] = "http://keycloak:8080/realms/x";
        return settings;
    }

    /// <summary>Starts an API that finds every host name on this machine.</summary>
    private static Task<DiscoveryApi> StartAsync(
        Dictionary<string, string?> settings,
        Action<IConfigurationManager>? configuration = null
    ) =>
        DiscoveryApi.StartAsync(
            options =>
            {
                options.ClientId = "api";
                options.ClientSecret = "secret";
            },
            services =>
                services
                    .AddHttpClient(OAuthIntrospectionDefaults.GetHttpClientName("OAuthIntrospection"))
                    .ConfigurePrimaryHttpMessageHandler(static () =>
                        new SocketsHttpHandler { UseProxy = false, ConnectCallback = ConnectAsync }
                    ),
            it =>
            {
                it.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(Prefix + setting.Key, setting.Value)));
                configuration?.Invoke(it);
            }
        );

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static string AtKeycloak(string url) => $"http://keycloak:{new Uri(url).Port}";

    private static void Reload(IConfigurationManager settings, string key, string value)
    {
        settings[Prefix + key] = value;
        ((IConfigurationRoot)settings).Reload();
    }

    private static IEnumerable<string> Warnings(DiscoveryApi api) =>
        api
            .Entries.Where(static entry => entry is { Event.Name: "PlainHttp", Level: LogLevel.Warning })
            .Select(static entry => entry.Text.Split(": tokens and")[0]);
}

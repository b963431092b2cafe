using System.IO.Compression;
using System.Net;
using IntrospectionAuth.Http;
using IntrospectionAuth.Jose;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Http;

/// <summary>
/// The HTTP client of a scheme carries tokens and credentials, so it is safe however the scheme or the client came to be.
/// </summary>
public sealed class SchemeHttpClientTests
{
    private const string Known = OAuthIntrospectionDefaults.AuthenticationScheme;
    private const string Late = "late";

    private static readonly string s_lateClient = OAuthIntrospectionDefaults.GetHttpClientName(Late);

    public static TheoryData<int, string, string> Redirects
    {
        get
        {
            var data = new TheoryData<int, string, string>();
            foreach (int status in (int[])[301, 302, 303, 307, 308])
            {
                foreach (string path in (string[])["/introspect", MetadataServer.OpenId, "/token", "/jwks"])
                {
                    data.Add(status, path, Known);
                    data.Add(status, path, Late);
                }
            }

            return data;
        }
    }

    /// <summary>What an application may do to clients that would have redirects followed.</summary>
    public static TheoryData<string> Setups => [.. s_setups.Keys];

    private static readonly Dictionary<string, Action<IServiceCollection>> s_setups = new(StringComparer.Ordinal)
    {
        ["nothing"] = static _ => { },
        ["defaults for all clients"] = static services =>
            services.ConfigureHttpClientDefaults(static client =>
                client.ConfigurePrimaryHttpMessageHandler(static () =>
                    new HttpClientHandler { AutomaticDecompression = DecompressionMethods.All }
                )
            ),
        ["defaults that change a handler"] = static services =>
            services.ConfigureHttpClientDefaults(static client =>
                client.ConfigurePrimaryHttpMessageHandler(static (handler, _) => ((SocketsHttpHandler)handler).AllowAutoRedirect = true)
            ),
        ["a handler of its own"] = static services =>
            services.AddHttpClient(s_lateClient).ConfigurePrimaryHttpMessageHandler(static () => new HttpClientHandler()),
        ["a handler around another"] = static services =>
            services
                .AddHttpClient(s_lateClient)
                .ConfigurePrimaryHttpMessageHandler(static () =>
                    new Around { InnerHandler = new Around { InnerHandler = new SocketsHttpHandler() } }
                ),
        ["a client that is configured at the very end"] = static services =>
            services.PostConfigureAll<HttpClientFactoryOptions>(static options =>
                options.HttpMessageHandlerBuilderActions.Add(static builder => builder.PrimaryHandler = new SocketsHttpHandler())
            ),
        ["a filter"] = static services => services.AddSingleton<IHttpMessageHandlerBuilderFilter, Filter>(),
    };

    [Theory]
    [MemberData(nameof(Redirects))]
    public async Task No_redirect_is_followed_from_any_endpoint_even_by_a_scheme_added_at_run_time(int status, string from, string scheme)
    {
        await using MetadataServer elsewhere = await MetadataServer.StartAsync();
        await using MetadataServer server = await StartServerAsync();
        server.On(from, context => Redirect(context, status, elsewhere.Url + from));
        await using TestApi api = await StartAsync(options =>
        {
            options.Authority = server.Url;
            options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientCredentials;
            options.RequireSignedResponse = true;
        });

        AuthenticateResult result = await api.AuthenticateAsync("the-token-of-the-caller", scheme);

        AssertUnavailable(result);
        Assert.Equal(1, server.Requests.Count(request => request.EndsWith(' ' + from, StringComparison.Ordinal)));
        Assert.Empty(elsewhere.Requests);
    }

    [Theory]
    [MemberData(nameof(Setups))]
    public async Task No_redirect_is_followed_regardless_of_the_clients_configuration(string setup)
    {
        await using MetadataServer elsewhere = await MetadataServer.StartAsync();
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.On("/introspect", context => Redirect(context, 307, elsewhere.Url + "/introspect"));
        await using TestApi api = await StartAsync(options => options.IntrospectionEndpoint = server.Url + "/introspect", s_setups[setup]);

        AssertUnavailable(await api.AuthenticateAsync("the-token-of-the-caller", Late));
        Assert.Empty(elsewhere.Requests);
    }

    [Theory]
    [MemberData(nameof(Setups))]
    public async Task No_cookie_is_kept_regardless_of_the_clients_configuration(string setup)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        string cookie = "";
        server.On(
            "/introspect",
            context =>
            {
                cookie += context.Request.Headers.Cookie;
                context.Response.Headers.SetCookie = "session=1; Path=/";
                return MetadataServer.WriteAsync(context, """{"active":true}""");
            }
        );
        await using TestApi api = await StartAsync(options => options.IntrospectionEndpoint = server.Url + "/introspect", s_setups[setup]);

        Assert.True((await api.AuthenticateAsync("one", Late)).Succeeded);
        Assert.True((await api.AuthenticateAsync("two", Late)).Succeeded);
        Assert.Equal("", cookie);
    }

    [Theory]
    [MemberData(nameof(Setups))]
    public async Task No_response_is_decompressed_however_the_client_was_set_up(string setup)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        string? accepted = null;
        server.On(
            "/introspect",
            async context =>
            {
                accepted = context.Request.Headers.AcceptEncoding.ToString();
                context.Response.ContentType = "application/json";
                context.Response.Headers.ContentEncoding = "gzip";
                await using var zip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
                await zip.WriteAsync("""{"active":true}"""u8.ToArray());
            }
        );
        await using TestApi api = await StartAsync(options => options.IntrospectionEndpoint = server.Url + "/introspect", s_setups[setup]);

        AssertUnavailable(await api.AuthenticateAsync("token", Late));
        Assert.Equal("", accepted);
    }

    [Theory]
    [MemberData(nameof(Setups))]
    public async Task A_scheme_added_at_run_time_works_and_its_client_logs_nothing(string setup)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        await using TestApi api = await StartAsync(
            options => options.IntrospectionEndpoint = server.Url + "/introspect",
            services =>
            {
                services.ConfigureHttpClientDefaults(static client => client.RedactLoggedHeaders(static _ => false));
                s_setups[setup](services);
            }
        );

        Assert.True((await api.AuthenticateAsync("the-token-of-the-caller", Late)).Succeeded);
        Assert.DoesNotContain(api.Log.Entries, static entry => entry.Category.StartsWith("System.Net.Http", StringComparison.Ordinal));
        Assert.Equal(Timeout.InfiniteTimeSpan, ClientOptions(api).HandlerLifetime);
    }

    [Fact]
    public async Task Settings_of_the_application_for_the_client_of_a_scheme_apply()
    {
        await using TestApi api = await StartAsync(
            static options => options.IntrospectionEndpoint = "https://auth.example.com/introspect",
            static services =>
                services
                    .AddHttpClient(s_lateClient, static client => client.Timeout = TimeSpan.FromSeconds(3))
                    .SetHandlerLifetime(TimeSpan.FromMinutes(7))
        );

        using HttpClient client = api.Services.GetRequiredService<IHttpClientFactory>().CreateClient(s_lateClient);

        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(7)), (client.Timeout, ClientOptions(api).HandlerLifetime));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_timeout_for_all_clients_does_not_shorten_a_call(bool isFirst)
    {
        await using TestApi api = await StartAsync(
            static options => options.IntrospectionEndpoint = "https://auth.example.com/introspect",
            static services =>
                services.ConfigureHttpClientDefaults(static client =>
                    client
                        .ConfigureHttpClient(static it => it.Timeout = TimeSpan.FromSeconds(1))
                        .SetHandlerLifetime(TimeSpan.FromMinutes(1))
                ),
            isFirst
        );

        using HttpClient late = api.Services.GetRequiredService<IHttpClientFactory>().CreateClient(s_lateClient);
        using HttpClient known = api
            .Services.GetRequiredService<IHttpClientFactory>()
            .CreateClient(OAuthIntrospectionDefaults.GetHttpClientName(Known));
        using HttpClient other = api.Services.GetRequiredService<IHttpClientFactory>().CreateClient("other");

        Assert.Equal(
            (Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan, TimeSpan.FromSeconds(1)),
            (late.Timeout, known.Timeout, other.Timeout)
        );
        Assert.Equal(Timeout.InfiniteTimeSpan, ClientOptions(api).HandlerLifetime);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Other_clients_of_the_application_are_not_changed(bool isFirst)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.On("/old", static context => Redirect(context, 307, "/introspect"));
        await using TestApi api = await StartAsync(
            static options => options.IntrospectionEndpoint = "https://auth.example.com/introspect",
            isFirst: isFirst
        );

        using HttpClient client = api.Services.GetRequiredService<IHttpClientFactory>().CreateClient("other");
        using HttpResponseMessage response = await client.GetAsync(server.Url + "/old");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(
            api.Log.Entries,
            static entry => entry.Category.StartsWith("System.Net.Http.HttpClient.other", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("http://keycloak/introspect")]
    [InlineData("http://127.0.0.1.example.com/introspect")]
    public async Task Options_that_were_not_validated_send_nothing_over_plain_http(string endpoint)
    {
        var sent = new Sent();
        await using TestApi api = await StartAsync(
            static options => options.IntrospectionEndpoint = "https://auth.example.com/introspect",
            services => services.AddHttpClient(s_lateClient).ConfigurePrimaryHttpMessageHandler(() => sent)
        );
        api.Services.GetRequiredService<IOptionsMonitorCache<OAuthIntrospectionOptions>>()
            .TryAdd(
                Late,
                new OAuthIntrospectionOptions
                {
                    IntrospectionEndpoint = endpoint,
                    ClientId = "api",
                    ClientSecret = "secret",
                }
            );

        AssertUnavailable(await api.AuthenticateAsync("the-token-of-the-caller", Late));
        Assert.Null(sent.Url);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "http://keycloak/introspect")]
    public async Task An_event_handler_sends_nothing_over_plain_http_unless_the_options_allow_it(bool requireHttps, string? url)
    {
        var sent = new Sent();
        await using TestApi api = await StartAsync(
            options =>
            {
                options.IntrospectionEndpoint = "https://auth.example.com/introspect";
                options.RequireHttps = requireHttps;
                options.Events.OnIntrospecting = static context =>
                {
                    context.Request.RequestUri = new Uri("http://keycloak/introspect");
                    return Task.CompletedTask;
                };
            },
            services => services.AddHttpClient(s_lateClient).ConfigurePrimaryHttpMessageHandler(() => sent)
        );

        await api.AuthenticateAsync("the-token-of-the-caller", Late);

        Assert.Equal(url, sent.Url?.AbsoluteUri);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "http://keycloak/introspect")]
    public async Task A_handler_for_all_clients_sends_nothing_over_plain_http_unless_the_options_allow_it(bool requireHttps, string? url)
    {
        var sent = new Sent();
        await using TestApi api = await StartAsync(
            options =>
            {
                options.IntrospectionEndpoint = "https://auth.example.com/introspect";
                options.RequireHttps = requireHttps;
            },
            services =>
            {
                services.ConfigureHttpClientDefaults(static client => client.AddHttpMessageHandler(static () => new ToKeycloak()));
                services.AddHttpClient(s_lateClient).ConfigurePrimaryHttpMessageHandler(() => sent);
            }
        );

        await api.AuthenticateAsync("the-token-of-the-caller", Late);

        Assert.Equal(url, sent.Url?.AbsoluteUri);
    }

    private static async Task<MetadataServer> StartServerAsync()
    {
        MetadataServer server = await MetadataServer.StartAsync();
        server.PublishText(
            MetadataServer.OpenId,
            $$"""
            {"issuer":"{{server.Url}}","introspection_endpoint":"{{server.Url}}/introspect","token_endpoint":"{{server.Url}}/token","jwks_uri":"{{server.Url}}/jwks"}
            """
        );
        server.PublishText("/token", """{"access_token":"token-of-the-api","token_type":"Bearer"}""");

        // Nothing but the signature is wrong: so the keys are fetched, which is done last.
        string claims =
            $$"""{"iss":"{{server.Url}}","aud":"api","iat":{{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}},"token_introspection":{"active":true} }""";
        server.PublishText(
            "/introspect",
            $"eyJhbGciOiJSUzI1NiIsInR5cCI6InRva2VuLWludHJvc3BlY3Rpb24rand0In0.{Base64UrlText.Encode(claims)}.AAAA",
            "application/token-introspection+jwt"
        );
        return server;
    }

    /// <summary>Starts an API with a scheme from the start, and another one that is added afterwards, as applications do it.</summary>
    private static async Task<TestApi> StartAsync(
        Action<OAuthIntrospectionOptions> configure,
        Action<IServiceCollection>? services = null,
        bool isFirst = false
    )
    {
        TestApi api = await TestApi.StartAsync(
            FakeAuthorizationServer.Create(),
            new TestApiSetup
            {
                Schemes = [],
                Services = it =>
                {
                    if (isFirst)
                        services?.Invoke(it);
                    it.AddAuthentication().AddOAuthIntrospection(Configure);
                    it.Configure<OAuthIntrospectionOptions>(Late, Configure);
                    if (!isFirst)
                        services?.Invoke(it);
                },
            }
        );

        var schemes = api.Services.GetRequiredService<IAuthenticationSchemeProvider>();
        schemes.AddScheme(new AuthenticationScheme(Late, displayName: null, (await schemes.GetSchemeAsync(Known))!.HandlerType));
        return api;

        void Configure(OAuthIntrospectionOptions options)
        {
            options.ClientId = "api";
            options.ClientSecret = "secret";
            configure(options);
        }
    }

    private static HttpClientFactoryOptions ClientOptions(TestApi api) =>
        api.Services.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get(s_lateClient);

    private static Task Redirect(HttpContext context, int status, string location)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = location;
        return Task.CompletedTask;
    }

    private static void AssertUnavailable(AuthenticateResult result) =>
        Assert.Equal(OAuthIntrospectionFailure.Unavailable, Assert.IsType<OAuthIntrospectionException>(result.Failure).Failure);

    private sealed class Around : DelegatingHandler;

    /// <summary>Finds a host as service discovery does.</summary>
    private sealed class ToKeycloak : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri("http://keycloak" + request.RequestUri!.AbsolutePath);
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Filter : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) =>
            builder =>
            {
                next(builder);
                builder.PrimaryHandler = new HttpClientHandler();
            };
    }

    /// <summary>Notes what would have been sent.</summary>
    private sealed class Sent : HttpMessageHandler
    {
        public Uri? Url { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Url = request.RequestUri;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.InternalServerError));
        }
    }
}

using System.Net;
using IntrospectionAuth.Http;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Http;

/// <summary>
/// An application brings its own handler for a proxy or a certificate. What would give credentials away goes; the rest stays.
/// </summary>
public sealed class PrimaryHandlerTests
{
    public enum Handler
    {
        BuiltIn,
        Sockets,
        Client,
    }

    [Theory]
    [InlineData(Handler.BuiltIn)]
    [InlineData(Handler.Sockets)]
    [InlineData(Handler.Client)]
    public async Task A_redirect_is_never_followed_with_any_handler(Handler handler)
    {
        await using FakeAuthorizationServer decoy = await FakeAuthorizationServer.ListenAsync();
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        server.RespondWith(307, headers: [KeyValuePair.Create("Location", decoy.IntrospectionEndpoint)]);
        decoy.RespondWith(200, """{"active":true,"scope":"read"}""");
        await using TestApi api = await StartAsync(server, client => Use(client, handler));

        using HttpResponseMessage response = await api.GetAsync("/read", "token");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(1, server.CallCount);
        Assert.Equal(0, decoy.CallCount);
    }

    [Fact]
    public async Task A_handler_that_the_application_configures_is_kept()
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        var handler = new CannedResponses();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Schemes = [],
                Services = services =>
                {
                    services.ConfigureHttpClientDefaults(client => client.ConfigurePrimaryHttpMessageHandler(() => handler));
                    services.AddAuthentication().AddOAuthIntrospection(options => options.UseAttio());
                },
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/me", "token");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public void A_secured_handler_is_not_changed_again()
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 7 };

        PrimaryHandler.Secure(handler, 64);
        IWebProxy? proxy = handler.Proxy;
        PrimaryHandler.Secure(handler, 64);

        Assert.False(handler.AllowAutoRedirect);
        Assert.False(handler.UseCookies);
        Assert.Equal(DecompressionMethods.None, handler.AutomaticDecompression);
        Assert.Equal(7, handler.MaxConnectionsPerServer);
        Assert.Same(proxy, handler.Proxy);
        Assert.True(proxy!.IsBypassed(new Uri("http://127.0.0.1/introspect")));
    }

    [Fact]
    public void Connections_are_limited_unless_the_application_sets_a_limit()
    {
        using var sockets = new SocketsHttpHandler();
        using var client = new HttpClientHandler();

        PrimaryHandler.Secure(sockets, 64);
        PrimaryHandler.Secure(client, 64);

        Assert.Equal(64, sockets.MaxConnectionsPerServer);
        Assert.Equal(64, client.MaxConnectionsPerServer);
    }

    [Fact]
    public void What_would_give_credentials_away_or_hide_a_changed_address_is_replaced()
    {
        using var sockets = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All };
        using var client = new HttpClientHandler { AutomaticDecompression = DecompressionMethods.GZip };

        PrimaryHandler.Secure(sockets, 64);
        PrimaryHandler.Secure(client, 64);

        Assert.Equal(
            (false, false, DecompressionMethods.None),
            (sockets.AllowAutoRedirect, sockets.UseCookies, sockets.AutomaticDecompression)
        );
        Assert.Equal(
            (false, false, DecompressionMethods.None),
            (client.AllowAutoRedirect, client.UseCookies, client.AutomaticDecompression)
        );
        Assert.Equal(TimeSpan.FromMinutes(5), sockets.PooledConnectionLifetime);
        Assert.IsType<LoopbackBypassingProxy>(sockets.Proxy);
        Assert.IsType<LoopbackBypassingProxy>(client.Proxy);
    }

    [Fact]
    public void Settings_of_the_application_are_kept()
    {
        using var sockets = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(1), UseProxy = false };
        using var client = new HttpClientHandler { UseProxy = false };

        PrimaryHandler.Secure(sockets, 64);
        PrimaryHandler.Secure(client, 64);

        Assert.Equal(TimeSpan.FromMinutes(1), sockets.PooledConnectionLifetime);
        Assert.Null(sockets.Proxy);
        Assert.Null(client.Proxy);
    }

    [Fact]
    public void A_secured_old_handler_keeps_its_proxy()
    {
        using var client = new HttpClientHandler();

        PrimaryHandler.Secure(client, 64);
        IWebProxy? proxy = client.Proxy;
        PrimaryHandler.Secure(client, 64);

        Assert.Same(proxy, client.Proxy);
    }

    public static TheoryData<string, Func<HttpMessageHandler>, bool> OwnCode =>
        new()
        {
            { "the platform's", static () => new SocketsHttpHandler(), false },
            { "the platform's old one", static () => new HttpClientHandler(), false },
            {
                "a proxy at an address",
                static () =>
                    new SocketsHttpHandler { Proxy = new WebProxy("http://proxy") },
                false
            },
            {
                "the machine's proxy",
                static () =>
                    new HttpClientHandler { Proxy = HttpClient.DefaultProxy },
                false
            },
            {
                "a callback beside the call",
                static () =>
                    new SocketsHttpHandler { ConnectCallback = static (_, _) => default },
                false
            },
            {
                "its own proxy",
                static () =>
                    new SocketsHttpHandler { Proxy = new OwnProxy() },
                true
            },
            {
                "its own proxy, old handler",
                static () =>
                    new HttpClientHandler { Proxy = new OwnProxy() },
                true
            },
            {
                "a derived proxy",
                static () =>
                    new SocketsHttpHandler { Proxy = new DerivedProxy() },
                true
            },
            {
                "a callback",
                static () =>
                    new SocketsHttpHandler { RequestHeaderEncodingSelector = static (_, _) => null },
                true
            },
            { "a derived handler", static () => new DerivedHandler(), true },
            { "its own handler", static () => new CannedResponses(), true },
        };

    [Theory]
    [MemberData(nameof(OwnCode))]
    public void Code_of_the_application_in_a_handler_is_found(string name, Func<HttpMessageHandler> create, bool isFound)
    {
        using HttpMessageHandler handler = create();

        Assert.True(PrimaryHandler.RunsApplicationCode(handler) == isFound, name);
        PrimaryHandler.Secure(handler, 64);
        Assert.True(PrimaryHandler.RunsApplicationCode(handler) == isFound, name + ", secured"); // Schemes may share a handler.
    }

    [Theory]
    [InlineData("nothing", false)]
    [InlineData("settings", false)]
    [InlineData("handler", true)]
    [InlineData("configuration", true)]
    public async Task A_call_without_code_of_the_application_needs_no_thread_of_its_own(string code, bool mayRun)
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        await using TestApi api = await StartAsync(
            server,
            client =>
            {
                if (code == "settings")
                    client.ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { MaxConnectionsPerServer = 7 });
                if (code == "handler")
                    client.AddHttpMessageHandler(static () => new Passing());
                if (code == "configuration")
                    client.ConfigureHttpClient(static it => it.DefaultRequestHeaders.Add("X-Key", "key"));
            }
        );
        var sender = api.Services.GetRequiredService<RequestSender>();
        string name = OAuthIntrospectionDefaults.GetHttpClientName("OAuthIntrospection");
        Assert.True(sender.MayRunApplicationCode(name)); // Nothing is created yet.

        for (int i = 0; i < 2; i++)
            await api.AssertStatusAsync(server.IssueToken("read"), HttpStatusCode.OK);

        Assert.Equal(mayRun, sender.MayRunApplicationCode(name));
    }

    [Fact]
    public async Task A_handler_that_the_application_shares_is_never_disposed()
    {
        await using FakeAuthorizationServer server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server);

        HttpClientFactoryOptions options = api
            .Services.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>()
            .Get(OAuthIntrospectionDefaults.GetHttpClientName("OAuthIntrospection"));

        Assert.Equal(Timeout.InfiniteTimeSpan, options.HandlerLifetime);
    }

    [Fact]
    public async Task A_handler_that_another_client_uses_is_rejected_with_a_clear_message()
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        using var shared = new SocketsHttpHandler();
        using (var other = new HttpClient(shared, disposeHandler: false))
            (await other.GetAsync(server.BaseAddress)).Dispose();

        var exception = Assert.Throws<InvalidOperationException>(() => PrimaryHandler.Secure(shared, 64));

        Assert.Contains("Give the client of the introspection scheme its own handler", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_ignores_cancellation_cannot_exceed_Timeout()
    {
        var time = new ManualTimeProvider();
        var body = new NeverEnds();
        await using FakeAuthorizationServer server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Time = time,
                Schemes = [],
                Services = services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection(options => options.UseAttio());
                    services
                        .AddHttpClient(OAuthIntrospectionDefaults.GetHttpClientName("OAuthIntrospection"))
                        .ConfigurePrimaryHttpMessageHandler(() => new CannedResponses(body));
                },
            }
        );

        Task<HttpResponseMessage> request = api.GetAsync("/read", "token");
        await body.Asked;
        time.Advance(TimeSpan.FromSeconds(5));

        using HttpResponseMessage response = await request;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    private static Task<TestApi> StartAsync(FakeAuthorizationServer server, Action<IHttpClientBuilder> configure) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Schemes = [],
                Services = services =>
                {
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(options =>
                        {
                            options.IntrospectionEndpoint = server.IntrospectionEndpoint;
                            options.ClientId = server.ClientId;
                            options.ClientSecret = server.ClientSecret;
                            options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientSecretPost;
                        });
                    configure(services.AddHttpClient(OAuthIntrospectionDefaults.GetHttpClientName("OAuthIntrospection")));
                },
            }
        );

    private static void Use(IHttpClientBuilder client, Handler handler)
    {
        if (handler == Handler.Sockets)
            client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler());
        if (handler == Handler.Client)
            client.ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler());
    }

    private sealed class Passing : DelegatingHandler;

    private sealed class DerivedHandler : HttpClientHandler;

    private sealed class DerivedProxy : WebProxy;

    private sealed class OwnProxy : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination) => null;

        public bool IsBypassed(Uri host) => true;
    }

    private sealed class CannedResponses(Stream? body = null) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpContent content = body is null
                ? new ByteArrayContent("""{"active":true,"iss":"attio.com"}"""u8.ToArray())
                : new StreamContent(body);
            content.Headers.ContentType = new("application/json");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
        }
    }

    private sealed class NeverEnds : MemoryStream
    {
        private readonly TaskCompletionSource _asked = new();

        public Task Asked => _asked.Task;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _asked.TrySetResult();
            return new ValueTask<int>(new TaskCompletionSource<int>().Task);
        }
    }
}

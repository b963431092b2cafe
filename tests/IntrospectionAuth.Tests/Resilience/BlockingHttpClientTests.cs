using System.Net;
using System.Net.Http.Headers;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Resilience;

/// <summary>
/// Code of the application in the HTTP client of a scheme that blocks its thread: callers wait for no longer than <c>Timeout</c>.
/// </summary>
public sealed class BlockingHttpClientTests : BadDayTest
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly ManualResetEventSlim _released = new();
    private readonly SemaphoreSlim _entered = new(0);

    public enum Code
    {
        Handler,
        PrimaryHandler,
        HandlerInPrimaryHandler,
        Proxy,
        CreationOfHandler,
        CreationOfPrimaryHandler,
        Configuration,
        ConfigurationOfAllClients,
    }

    public enum Fetch
    {
        Response,
        Token,
        Metadata,
    }

    public static MatrixTheoryData<Code, Fetch> Places => new(Enum.GetValues<Code>(), Enum.GetValues<Fetch>());

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_caller_waits_at_most_Timeout(Code code, Fetch fetch)
    {
        await using TestApi api = await StartAsync(options => Use(options, fetch), services => Add(services, code, Block));
        try
        {
            Task<(HttpStatusCode Status, int Calls)> request = SendAsync(api);
            await _entered.WaitAsync().WaitAsync(s_patience);
            Time.Advance(TimeSpan.FromMilliseconds(300));

            Assert.Equal((HttpStatusCode.ServiceUnavailable, 0), await request.WaitAsync(s_patience));
        }
        finally
        {
            _released.Set();
        }
    }

    [Theory]
    [InlineData(Code.Handler)]
    [InlineData(Code.PrimaryHandler)]
    [InlineData(Code.Configuration)]
    [InlineData(Code.CreationOfPrimaryHandler)]
    public async Task At_most_MaximumConcurrentCalls_threads_are_blocked(Code code)
    {
        int maximum = code == Code.CreationOfPrimaryHandler ? 1 : 2; // A second call waits for the first to create it.
        await using TestApi api = await StartAsync(
            options =>
            {
                Use(options, Fetch.Response);
                options.Resilience.Enabled = false;
                options.Resilience.MaximumConcurrentCalls = maximum;
            },
            services => Add(services, code, Block)
        );
        try
        {
            for (int i = 0; i < maximum; i++)
            {
                Task<(HttpStatusCode Status, int Calls)> request = SendAsync(api);
                await _entered.WaitAsync().WaitAsync(s_patience);
                Time.Advance(TimeSpan.FromMilliseconds(300));
                Assert.Equal(HttpStatusCode.ServiceUnavailable, (await request.WaitAsync(s_patience)).Status);
            }

            // At once: no further thread.
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SendAsync(api).WaitAsync(s_patience)).Status);
            Assert.Equal(0, _entered.CurrentCount);
        }
        finally
        {
            _released.Set();
        }
    }

    [Fact]
    public async Task Calls_succeed_when_the_thread_returns_and_nothing_is_sent_late()
    {
        bool blocks = true;
        int sent = 0;
        await using TestApi api = await StartAsync(
            options =>
            {
                Use(options, Fetch.Response);
                options.Resilience.Enabled = false;
                options.Resilience.MaximumConcurrentCalls = 1;
            },
            services =>
                Client(services)
                    .ConfigureHttpClient(_ =>
                    {
                        if (blocks)
                            Block();
                    })
                    .ConfigurePrimaryHttpMessageHandler(() =>
                        new Handler(() =>
                        {
                            sent++;
                            return new HttpResponseMessage { Content = Json("""{"active":true,"scope":"read"}""") };
                        })
                    )
        );
        Task<(HttpStatusCode Status, int Calls)> request = SendAsync(api);
        await _entered.WaitAsync().WaitAsync(s_patience);
        Time.Advance(TimeSpan.FromMilliseconds(300));
        try
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await request.WaitAsync(s_patience)).Status);
        }
        finally
        {
            blocks = false;
            _released.Set();
        }

        HttpStatusCode status = HttpStatusCode.ServiceUnavailable;
        for (int round = 0; status != HttpStatusCode.OK && round < 1000; round++) // the thread says nothing when it returns
            status = (await SendAsync(api).WaitAsync(s_patience)).Status;
        Assert.Equal((HttpStatusCode.OK, 1), (status, sent));
    }

    [Theory]
    [InlineData(Fetch.Response)]
    [InlineData(Fetch.Metadata)]
    public async Task A_response_that_comes_too_late_is_disposed(Fetch fetch)
    {
        var content = new Content();
        await using TestApi api = await StartAsync(
            options => Use(options, fetch),
            services =>
                Client(services)
                    .ConfigurePrimaryHttpMessageHandler(() =>
                        new Handler(() =>
                        {
                            Block();
                            return new HttpResponseMessage { Content = content };
                        })
                    )
        );
        try
        {
            Task<(HttpStatusCode Status, int Calls)> request = SendAsync(api);
            await _entered.WaitAsync().WaitAsync(s_patience);
            Time.Advance(TimeSpan.FromMilliseconds(300));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await request.WaitAsync(s_patience)).Status);
            Assert.False(content.Disposed.IsCompleted);
        }
        finally
        {
            _released.Set();
        }

        await content.Disposed.WaitAsync(s_patience);
    }

    private static IHttpClientBuilder Client(IServiceCollection services) =>
        services.AddHttpClient(OAuthIntrospectionDefaults.GetHttpClientName(OAuthIntrospectionDefaults.AuthenticationScheme));

    private static void Add(IServiceCollection services, Code code, Action block)
    {
        IHttpClientBuilder client = Client(services);
        Func<HttpResponseMessage> fail = () =>
        {
            block();
            throw new HttpRequestException("too late");
        };
        _ = code switch
        {
            Code.Handler => client.AddHttpMessageHandler(() => new Around(fail)),
            Code.PrimaryHandler => client.ConfigurePrimaryHttpMessageHandler(() => new Handler(fail)),
            Code.HandlerInPrimaryHandler => client.ConfigurePrimaryHttpMessageHandler(() =>
                new Around(fail) { InnerHandler = new SocketsHttpHandler() }
            ),
            Code.Proxy => client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { Proxy = new Proxy(block) }),
            Code.CreationOfHandler => client.AddHttpMessageHandler(() =>
            {
                block();
                return new Around(fail);
            }),
            Code.CreationOfPrimaryHandler => client.ConfigurePrimaryHttpMessageHandler(() =>
            {
                block();
                return new SocketsHttpHandler();
            }),
            Code.Configuration => client.ConfigureHttpClient(_ => block()),
            _ => client.Services.ConfigureHttpClientDefaults(all => all.ConfigureHttpClient(_ => block())) is { } ? client : null,
        };
    }

    private Task<TestApi> StartAsync(Action<OAuthIntrospectionOptions> configure, Action<IServiceCollection> add) =>
        TestApi.StartAsync(
            Server,
            new TestApiSetup
            {
                Time = Time,
                Schemes = [], // no fake server: it would replace the primary handler
                Services = services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection(configure);
                    add(services);
                },
            }
        );

    private static void Use(OAuthIntrospectionOptions options, Fetch fetch)
    {
        options.Timeout = TimeSpan.FromMilliseconds(300);
        options.ClientId = "api";
        options.ClientSecret = "secret";
        if (fetch == Fetch.Metadata)
            options.Authority = "https://auth.example.com"; // the endpoint is discovered
        else
            options.IntrospectionEndpoint = "https://auth.example.com/introspect";
        if (fetch != Fetch.Token)
            return;

        options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientCredentials;
        options.ClientCredentials.TokenEndpoint = "https://auth.example.com/token";
    }

    private static StringContent Json(string text) => new(text, new MediaTypeHeaderValue("application/json"));

    private void Block()
    {
        _entered.Release();
        _released.Wait();
    }

    private sealed class Handler(Func<HttpResponseMessage> respond) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(respond());
    }

    private sealed class Around(Func<HttpResponseMessage> respond) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(respond());
    }

    private sealed class Proxy(Action block) : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination) => null;

        public bool IsBypassed(Uri host)
        {
            block();
            return true;
        }
    }

    private sealed class Content() : ByteArrayContent([])
    {
        private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Disposed => _disposed.Task;

        protected override void Dispose(bool disposing)
        {
            _disposed.TrySetResult();
            base.Dispose(disposing);
        }
    }
}

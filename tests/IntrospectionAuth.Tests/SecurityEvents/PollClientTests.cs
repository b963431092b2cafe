using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.SecurityEvents;

/// <summary>Polls with an HTTP handler of the application that finds another host, as service discovery does.</summary>
public sealed class PollClientTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("https://transmitter.example.com/poll", null)]
    [InlineData("http://transmitter.example.com/poll", "http://found/poll")]
    public async Task A_poll_is_sent_over_plain_http_only_if_its_endpoint_is_plain_http(string endpoint, string? sentTo)
    {
        var network = new Network(Task.CompletedTask);
        await using SecurityEventApi api = await StartAsync(network, endpoint);

        await api.Api.Log.WaitForAsync("PollFailed");

        Assert.Equal(sentTo, network.SentTo?.AbsoluteUri);
    }

    [Fact]
    public async Task A_handler_that_ignores_its_cancellation_does_not_outlast_the_timeout()
    {
        var network = new Network(new TaskCompletionSource().Task);
        await using SecurityEventApi api = await StartAsync(network, "http://transmitter.example.com/poll");
        await network.Arrived;

        api.Time.Advance(TimeSpan.FromMinutes(2));

        await api.Api.Log.WaitForAsync("PollFailed");
        Assert.Contains("cannot be polled: there was no complete response in time. The next", api.Api.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_poll_waits_no_longer_than_the_timeout_for_code_that_blocks(bool isConfiguration)
    {
        using var released = new ManualResetEventSlim();
        using var entered = new SemaphoreSlim(0);
        Action block = () =>
        {
            entered.Release();
            released.Wait();
        };
        await using SecurityEventApi api = await StartAsync(client =>
        {
            if (isConfiguration)
                client.ConfigureHttpClient(_ => block());
            else
                client.ConfigurePrimaryHttpMessageHandler(() => new Blocking(block));
        });
        try
        {
            await entered.WaitAsync().WaitAsync(s_patience);

            api.Time.Advance(TimeSpan.FromMinutes(2));

            await api.Api.Log.WaitForAsync("PollFailed").WaitAsync(s_patience);
        }
        finally
        {
            released.Set();
        }
    }

    [Fact]
    public async Task Polls_succeed_when_the_creation_of_the_client_no_longer_throws()
    {
        bool fails = true;
        var network = new Network(Task.CompletedTask);
        await using SecurityEventApi api = await StartAsync(client =>
            client.ConfigurePrimaryHttpMessageHandler(() => fails ? throw new IOException("The vault is not reachable.") : network)
        );
        await api.Api.Log.WaitForAsync("PollFailed");
        Assert.False(network.Arrived.IsCompleted);

        await api.Time.WaitForTimersAsync(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1), 1); // the pause
        fails = false;
        api.Time.Advance(TimeSpan.FromSeconds(1));

        await network.Arrived.WaitAsync(s_patience);
    }

    private static Task<SecurityEventApi> StartAsync(Network network, string endpoint) =>
        StartAsync(
            client => client.AddHttpMessageHandler(static () => new ToPlainHttp()).ConfigurePrimaryHttpMessageHandler(() => network),
            endpoint
        );

    private static Task<SecurityEventApi> StartAsync(
        Action<IHttpClientBuilder> configure,
        string endpoint = "https://transmitter.example.com/poll"
    ) =>
        SecurityEventApi.StartAsync(
            static (_, _) => { },
            (_, services) =>
            {
                services.PostConfigureAll<OAuthIntrospectionOptions>(static options => options.RequireHttps = false);
                services.AddSecurityEventPoller(options =>
                {
                    options.Endpoint = endpoint;
                    options.Authorization = "Bearer secret";
                    options.Audiences.Add(SecurityEventApi.Audience);
                });
                configure(services.AddHttpClient(OAuthIntrospectionDefaults.SecurityEventPollerHttpClientName));
            }
        );

    private sealed class ToPlainHttp : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri("http://found" + request.RequestUri!.AbsolutePath);
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Blocking(Action block) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            block();
            throw new HttpRequestException("too late");
        }
    }

    private sealed class Network(Task released) : HttpMessageHandler
    {
        private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Arrived => _arrived.Task;

        public Uri? SentTo { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            SentTo = request.RequestUri;
            _arrived.TrySetResult();
            await released;
            return new HttpResponseMessage(HttpStatusCode.InternalServerError);
        }
    }
}

using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.SecurityEvents;

/// <summary>Polls with an HTTP handler of the application that finds another host, as service discovery does.</summary>
public sealed class PollClientTests
{
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

    private static Task<SecurityEventApi> StartAsync(Network network, string endpoint) =>
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
                services
                    .AddHttpClient(OAuthIntrospectionDefaults.SecurityEventPollerHttpClientName)
                    .AddHttpMessageHandler(static () => new ToPlainHttp())
                    .ConfigurePrimaryHttpMessageHandler(() => network);
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

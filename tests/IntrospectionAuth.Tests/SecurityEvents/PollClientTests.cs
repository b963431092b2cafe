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
        var network = new Network();
        await using SecurityEventApi api = await SecurityEventApi.StartAsync(
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

        await api.Api.Log.WaitForAsync("PollFailed");

        Assert.Equal(sentTo, network.SentTo?.AbsoluteUri);
    }

    private sealed class ToPlainHttp : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri("http://found" + request.RequestUri!.AbsolutePath);
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Network : HttpMessageHandler
    {
        public Uri? SentTo { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            SentTo = request.RequestUri;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.InternalServerError));
        }
    }
}

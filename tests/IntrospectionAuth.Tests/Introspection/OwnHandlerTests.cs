using System.Net;
using System.Net.Http.Headers;
using System.Text;
using IntrospectionAuth.Tests.Resilience;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Introspection;

/// <summary>A primary HTTP handler of the application, with responses of its own.</summary>
public sealed class OwnHandlerTests : BadDayTest
{
    [Theory]
    [InlineData("request", false)]
    [InlineData("body", false)]
    [InlineData("body", true)]
    public async Task A_caller_waits_at_most_Timeout_for_a_handler_that_ignores_its_cancellation(string step, bool hasEvent)
    {
        var gate = new Gate();
        await using TestApi api = await StartAsync(
            async () =>
            {
                if (step == "request")
                    await gate.WaitAsync();
                return new HttpResponseMessage { Content = new HeldContent(gate) };
            },
            hasEvent
        );

        Task<(HttpStatusCode Status, int)> request = SendAsync(api);
        await gate.Arrived;
        Time.Advance(TimeSpan.FromSeconds(5));
        try
        {
            await api.Log.WaitForAsync("TimedOut");
        }
        finally
        {
            gate.Release();
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await request).Status);
    }

    [Theory]
    [InlineData(200, 30, HttpStatusCode.OK)] // the event leaves another content
    [InlineData(404, 1001, HttpStatusCode.ServiceUnavailable)] // too long for the event, and the status is enough
    public async Task A_content_that_is_not_used_any_longer_is_disposed(int status, int length, HttpStatusCode expected)
    {
        var content = new TrackedContent("""{"active":true,"scope":"read"}""".PadRight(length));
        await using TestApi api = await StartAsync(
            () => Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = content }),
            hasEvent: true
        );

        Assert.Equal(expected, (await SendAsync(api)).Status);

        Assert.True(content.IsDisposed);
    }

    private Task<TestApi> StartAsync(Func<Task<HttpResponseMessage>> respond, bool hasEvent) =>
        TestApi.StartAsync(
            Server,
            new TestApiSetup
            {
                Schemes = [],
                Time = Time,
                Services = services =>
                {
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(options =>
                        {
                            options.IntrospectionEndpoint = "https://auth.example.com/introspect";
                            options.ClientId = "api";
                            options.ClientSecret = "secret";
                            options.MaximumResponseLength = 1000;
                            if (hasEvent)
                                options.Events.OnResponseReceived = static _ => Task.CompletedTask;
                        });
                    services
                        .AddHttpClient(OAuthIntrospectionDefaults.GetHttpClientName(OAuthIntrospectionDefaults.AuthenticationScheme))
                        .ConfigurePrimaryHttpMessageHandler(() => new OwnHandler(respond));
                },
            }
        );

    private sealed class OwnHandler(Func<Task<HttpResponseMessage>> respond) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            respond();
    }

    private sealed class HeldContent : HttpContent
    {
        private readonly Gate _gate;

        public HeldContent(Gate gate)
        {
            _gate = gate;
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _gate.WaitAsync();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class TrackedContent(string body) : StringContent(body, Encoding.UTF8, "application/json")
    {
        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}

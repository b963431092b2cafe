using IntrospectionAuth.Http;

namespace IntrospectionAuth.Tests.Http;

/// <summary>The last check before a request leaves.</summary>
public sealed class HttpsHandlerTests
{
    public static MatrixTheoryData<string, bool, bool> Requests =>
        new(["http://keycloak/introspect", "https://keycloak/introspect", "http://localhost/introspect"], [true, false], [true, false]);

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Nothing_is_sent_over_plain_http_where_https_is_required(string url, bool isRequired, bool isAsynchronous)
    {
        var sent = new Sent();
        using var invoker = new HttpMessageInvoker(new HttpsHandler(_ => isRequired) { InnerHandler = sent });
        using var request = new HttpRequestMessage(HttpMethod.Post, url);

        Exception? exception = await Record.ExceptionAsync(async () =>
        {
            if (isAsynchronous)
                await invoker.SendAsync(request, CancellationToken.None);
            else
                invoker.Send(request, CancellationToken.None);
        });

        bool isRefused = isRequired && url.StartsWith("http://keycloak", StringComparison.Ordinal);
        Assert.Equal((isRefused, isRefused ? 0 : 1), (exception is InvalidOperationException, sent.Count));
    }

    private sealed class Sent : HttpMessageHandler
    {
        public int Count { get; private set; }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Count++;
            return new HttpResponseMessage();
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(Send(request, cancellationToken));
    }
}

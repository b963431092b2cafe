using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;

namespace IntrospectionAuth.Benchmarks.OneShot;

/// <summary>Returns the same active response at once, without a network or server.</summary>
internal sealed class ReadyResponses(byte[] response) : HttpMessageHandler
{
    private static readonly MediaTypeHeaderValue s_json = new(MediaTypeNames.Application.Json);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(
            new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(response) { Headers = { ContentType = s_json } } }
        );
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;

namespace IntrospectionAuth.Benchmarks.OneShot;

/// <summary>Answers at once, without network or server, that the token is active.</summary>
internal sealed class ReadyResponses(byte[] answer) : HttpMessageHandler
{
    private static readonly MediaTypeHeaderValue s_json = new(MediaTypeNames.Application.Json);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(
            new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(answer) { Headers = { ContentType = s_json } } }
        );
}

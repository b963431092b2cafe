using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using IntrospectionAuth.Benchmarks.Workloads;

namespace IntrospectionAuth.Benchmarks.OneShot;

/// <summary>Returns the active response about each token of a workload at once, without a network or server.</summary>
internal sealed class OwnResponses(Workload workload) : HttpMessageHandler
{
    private const string Parameter = "token=";
    private static readonly MediaTypeHeaderValue s_json = new(MediaTypeNames.Application.Json);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string body = await request.Content!.ReadAsStringAsync(cancellationToken);
        int start = body.IndexOf(Parameter, StringComparison.Ordinal) + Parameter.Length;
        var content = new ByteArrayContent(workload.RespondTo(body.AsSpan(start))) { Headers = { ContentType = s_json } };
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }
}

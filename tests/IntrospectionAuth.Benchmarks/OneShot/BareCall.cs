using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text.Json;
using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Benchmarks.OneShot;

/// <summary>The call of a miss as one would write it by hand: a client of the factory, the request, the response parsed.</summary>
internal sealed class BareCall : IDisposable
{
    private const string Name = "bare";
    private static readonly AuthenticationHeaderValue s_credentials = new("Basic", Convert.ToBase64String("api:secret"u8));

    private readonly ServiceProvider _services;
    private readonly IHttpClientFactory _clients;
    private int _next;

    public BareCall(byte[] response)
    {
        var services = new ServiceCollection();
        services.AddHttpClient(Name).ConfigurePrimaryHttpMessageHandler(() => new ReadyResponses(response)).RemoveAllLoggers();
        _services = services.BuildServiceProvider();
        _clients = _services.GetRequiredService<IHttpClientFactory>();
    }

    public async Task<int> SendAsync()
    {
        using HttpClient client = _clients.CreateClient(Name);
        using var request = new HttpRequestMessage(HttpMethod.Post, OurHandlerWithOptions.Endpoint);
        request.Headers.Authorization = s_credentials;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MediaTypeNames.Application.Json));
        request.Content = new FormUrlEncodedContent([new("token", Workload.Token(Interlocked.Increment(ref _next), 40))]);
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using JsonDocument json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return json.RootElement.GetProperty("active").GetBoolean() ? 1 : 0;
    }

    public void Dispose() => _services.Dispose();
}

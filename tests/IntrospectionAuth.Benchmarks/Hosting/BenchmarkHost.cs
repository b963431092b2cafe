using IntrospectionAuth.Benchmarks.Contenders;
using IntrospectionAuth.Benchmarks.Workloads;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Benchmarks.Hosting;

/// <summary>An application with one contender, called without a network: authentication alone, or the complete pipeline.</summary>
internal sealed class BenchmarkHost : IAsyncDisposable
{
    private readonly DirectServer _server = new();
    private readonly Contender _contender;
    private readonly WebApplication _app;

    private BenchmarkHost(Contender contender, Workload workload)
    {
        _contender = contender;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddLogging();
        builder.Services.AddRouting();
        builder.Services.AddSingleton<IServer>(_server);
        contender.Register(builder, workload);
        _app = builder.Build();
        _app.UseRouting();
        contender.Use(_app);
    }

    public static async Task<BenchmarkHost> StartAsync(Contender contender, Workload workload)
    {
        var host = new BenchmarkHost(contender, workload);
        await host._app.StartAsync();
        return host;
    }

    /// <summary>Authenticates a new request by the default scheme, with its own service scope.</summary>
    public async Task<AuthenticateResult> AuthenticateAsync(string header)
    {
        await using AsyncServiceScope scope = _app.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Headers.Authorization = header;
        return await context.AuthenticateAsync();
    }

    /// <summary>Sends a request through the complete pipeline to the endpoint that requires authorization.</summary>
    /// <returns>The status code.</returns>
    public async Task<int> SendAsync(string header)
    {
        var request = new HttpRequestFeature
        {
            Method = HttpMethods.Get,
            Path = "/",
            Scheme = Uri.UriSchemeHttp,
            Protocol = HttpProtocol.Http11,
        };
        request.Headers.Authorization = header;
        var response = new DirectResponse();
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(request);
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));

        await _server.ProcessAsync(features);
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _contender.DisposeAsync();
    }
}

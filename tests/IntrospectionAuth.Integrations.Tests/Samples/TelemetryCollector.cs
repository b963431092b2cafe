using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Integrations.Tests.Samples;

/// <summary>Receives what an application exports by OTLP over HTTP, and waits for names in it.</summary>
internal sealed class TelemetryCollector : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly WebApplication _app;
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<string> _missing;

    private TelemetryCollector(WebApplication app, IEnumerable<string> names)
    {
        _app = app;
        _missing = new HashSet<string>(names, StringComparer.Ordinal);
    }

    public string Address => _app.Urls.Single();

    /// <summary>Completes when all names have arrived.</summary>
    public Task Complete => _complete.Task.WaitAsync(s_patience, TimeProvider.System, TestContext.Current.CancellationToken);

    /// <param name="names">A path and a name in what is sent there, such as <c>/v1/traces introspect</c>.</param>
    public static async Task<TelemetryCollector> StartAsync(params string[] names)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://{IPAddress.Loopback}:0");
        var collector = new TelemetryCollector(builder.Build(), names);
        collector._app.Run(collector.ReceiveAsync);
        await collector._app.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // Names are UTF-8 in protocol buffers, and the body is not compressed.
    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        string path = context.Request.Path + " ";
        string text = Encoding.Latin1.GetString(body.ToArray());
        lock (_missing)
        {
            _missing.RemoveWhere(name => name.StartsWith(path, StringComparison.Ordinal) && Contains(text, name[path.Length..]));
            if (_missing.Count == 0)
                _complete.TrySetResult();
        }
    }

    private static bool Contains(string text, string name) => text.Contains(name, StringComparison.Ordinal);
}

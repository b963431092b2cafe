using System.Buffers;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using IntrospectionAuth.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;

namespace IntrospectionAuth.DiagnosticsPage;

/// <summary>The endpoints of the diagnostics page. All of them only read.</summary>
internal sealed class PageEndpoints(
    DecisionLog log,
    SchemesWriter schemes,
    CacheWriter cache,
    TimeProvider time,
    IHostEnvironment? environment = null,
    IHostApplicationLifetime? lifetime = null
)
{
    // No script or style but the page's own, and nothing from or to another server.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'";

    /// <summary>The shortest time between two notes about changes, so that a busy API does not make a browser busy.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private readonly string _page = PageFile.Read("page.html");
    private readonly string _styles = PageFile.Read("page.css");
    private readonly string _script = PageFile.Read("page.js");

    /// <summary>Tells a page that the application was restarted, so that its numbers and versions begin again.</summary>
    private readonly string _instance = RandomNumberGenerator.GetHexString(8, lowercase: true);

    public bool IsDevelopment { get; } = environment?.IsDevelopment() == true;

    public Task SendPageAsync(HttpContext context)
    {
        // Relative, so that it also works behind a proxy that removes a prefix.
        string path = context.Request.Path.Value ?? "";
        string last = path[(path.LastIndexOf('/') + 1)..];
        string prefix = last.Length == 0 ? "./" : $"./{Uri.EscapeDataString(last)}/";
        return SendAsync(
            context,
            "text/html; charset=utf-8",
            _page.Replace("{prefix}", WebUtility.HtmlEncode(prefix), StringComparison.Ordinal)
        );
    }

    public Task SendStylesAsync(HttpContext context) => SendAsync(context, "text/css; charset=utf-8", _styles);

    public Task SendScriptAsync(HttpContext context) => SendAsync(context, "text/javascript; charset=utf-8", _script);

    public Task SendDecisionsAsync(HttpContext context)
    {
        _ = long.TryParse(context.Request.Query["since"], NumberStyles.None, CultureInfo.InvariantCulture, out long since);
        return SendJsonAsync(
            context,
            json =>
            {
                DecisionsWriter.Write(json, log, since, _instance, time.GetUtcNow());
                return Task.CompletedTask;
            }
        );
    }

    public Task SendSchemesAsync(HttpContext context) => SendJsonAsync(context, schemes.WriteAsync);

    public Task SendCacheAsync(HttpContext context) => SendJsonAsync(context, cache.WriteAsync);

    /// <summary>Sends the version of the log at once and after each change, as server-sent events.</summary>
    public async Task SendChangesAsync(HttpContext context)
    {
        if (!await AdmitsAsync(context))
            return;

        // A stream that does not end would delay the end of the application.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted,
            lifetime?.ApplicationStopping ?? CancellationToken.None
        );
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream";
        try
        {
            for (long version = log.Version; ; version = await log.WaitForChangeAsync(version, ending.Token))
            {
                await context.Response.WriteAsync(
                    string.Create(CultureInfo.InvariantCulture, $"data: {{\"instance\":\"{_instance}\",\"version\":{version}}}\n\n"),
                    ending.Token
                );
                await context.Response.Body.FlushAsync(ending.Token);
                await Task.Delay(s_pause, time, ending.Token);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The browser has left, or the application ends.
        }
    }

    private async Task SendJsonAsync(HttpContext context, Func<Utf8JsonWriter, Task> write)
    {
        if (!await AdmitsAsync(context))
            return;

        var buffer = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(buffer))
            await write(json);
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    private async Task SendAsync(HttpContext context, string contentType, string text)
    {
        if (!await AdmitsAsync(context))
            return;

        context.Response.ContentType = contentType;
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    /// <summary>Adds the headers of every response, and refuses callers that may not see the page.</summary>
    private async Task<bool> AdmitsAsync(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";

        if (PageAccess.FindFault(context, IsDevelopment) is not { } fault)
            return true;

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(fault, context.RequestAborted);
        return false;
    }
}

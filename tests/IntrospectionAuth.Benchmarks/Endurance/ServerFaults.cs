using System.Globalization;
using IntrospectionAuth.Benchmarks.Soak;
using IntrospectionAuth.Redis.Tests.Engines;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>The faults of an authorization server and of the network to it. They concern introspection, metadata and keys.</summary>
internal static class ServerFaults
{
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(7);

    public static Fault[] Of(TenantServer server) =>
        [
            Network("refused", server, static network => network.Cut()),
            Response("hangs", server, static context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)),
            Response("500", server, static context => WriteAsync(context, 500, "text/plain", "oops")),
            Network("latency and jitter", server, new LinkShape { Delay = Milliseconds(60), Jitter = Milliseconds(120) }) with
            {
                IsHarmless = true,
            },
            Response("503 with Retry-After", server, static context => LaterAsync(context, 503)) with
            {
                RetryAfter = s_retryAfter,
            },
            Response("a page instead of JSON", server, static context => WriteAsync(context, 200, "text/html", "<!doctype html>Log in")),
            Network("half open", server, static network => network.Hang()),
            Response(
                "broken JSON",
                server,
                static context => WriteAsync(context, 200, "application/json", """{"active":true,"sub":"user""")
            ),
            Network("reset in the body", server, new LinkShape { ResetAfter = 300 }),
            Response("oversized", server, static context => WriteAsync(context, 200, "application/json", s_oversized)),
            Response("reset", server, AbortAsync),
            Response("429 with Retry-After", server, static context => LaterAsync(context, 429)) with
            {
                RetryAfter = s_retryAfter,
            },
            Network("throttled", server, new LinkShape { BytesPerSecond = 4_000 }) with
            {
                IsHarmless = true,
            },
            Response("active as a string", server, static context => WriteAsync(context, 200, "application/json", s_activeText)),
            Response("credentials refused", server, static context => WriteAsync(context, 401, "application/json", s_refusal)),
            Response("a body that drips", server, DripAsync),
            Network("dropped connections", server, static network => network.DropConnections()),
            Response("another user", server, static context => WriteAsync(context, 502, "application/json", s_active)),
        ];

    private static readonly string s_oversized =
        $$"""{"active":true,"sub":"administrator","scope":"read","x":"{{new string('x', 4_000_000)}}"}""";

    private const string s_activeText = """{"active":"true","sub":"administrator","scope":"read","aud":"https://api.example.com"}""",
        s_active = """{"active":true,"sub":"administrator","scope":"read","aud":"https://api.example.com"}""",
        s_refusal = """{"error":"invalid_client"}""";

    private static Fault Response(string name, TenantServer server, Func<HttpContext, Task> respond) =>
        new(name, () => Do(() => server.FailWith(respond)));

    private static Fault Network(string name, TenantServer server, LinkShape shape) =>
        Network(name, server, network => network.Shape(shape));

    private static Fault Network(string name, TenantServer server, Action<TcpProxy> begin) =>
        new(name, () => Do(() => begin(server.Network)));

    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static Task LaterAsync(HttpContext context, int status)
    {
        context.Response.Headers.RetryAfter = s_retryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return WriteAsync(context, status, "text/plain", "later");
    }

    private static Task AbortAsync(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    private static async Task DripAsync(HttpContext context)
    {
        await WriteAsync(context, 200, "application/json", "{");
        while (true)
        {
            await Task.Delay(Milliseconds(200), TimeProvider.System, context.RequestAborted);
            await context.Response.WriteAsync(" ", context.RequestAborted);
        }
    }

    private static Task WriteAsync(HttpContext context, int status, string type, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(body, context.RequestAborted);
    }

    private static TimeSpan Milliseconds(int number) => TimeSpan.FromMilliseconds(number);
}

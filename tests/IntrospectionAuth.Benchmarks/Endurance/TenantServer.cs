using System.Text;
using IntrospectionAuth.Benchmarks.Soak;
using IntrospectionAuth.Redis.Tests.Engines;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Benchmarks.Endurance;

/// <summary>The authorization server of a tenant, behind a network of its own. Its faults concern each of its endpoints.</summary>
internal sealed class TenantServer : IAsyncDisposable
{
    private const string SignedResponse = "application/token-introspection+jwt";

    private readonly TimeProvider _clock;
    private Func<HttpContext, Task>? _fault;
    private long _keysFetched; // ticks
    private int _active,
        _calls;

    private TenantServer(string name, int port, TimeProvider clock)
    {
        Name = name;
        _clock = clock;
        Network = new TcpProxy(port);
        Issuer = "http://" + Network.Address;
    }

    /// <summary>The name of the tenant.</summary>
    public string Name { get; }

    public string Issuer { get; }

    public TcpProxy Network { get; }

    public ServerKeys Keys { get; } = new();

    /// <summary>When 503 is allowed.</summary>
    public FaultLog Faults { get; } = new();

    /// <summary>When it may be that a node does not have the current key.</summary>
    public FaultLog Rotations { get; } = new();

    /// <summary>The number of requests that have not ended.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>The number of requests so far.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>When a node last fetched the keys.</summary>
    public DateTimeOffset KeysFetchedAt => new(Volatile.Read(ref _keysFetched), TimeSpan.Zero);

    /// <summary>Issues, introspects and revokes.</summary>
    public FakeAuthorizationServer Server { get; private set; } = null!;

    public static async Task<TenantServer> StartAsync(string name, TimeProvider clock)
    {
        int port = FreePort.Find();
        var tenant = new TenantServer(name, port, clock);
        tenant.Server = await FakeAuthorizationServer.ListenAsync(options =>
        {
            options.Port = port;
            options.Issuer = tenant.Issuer;
            options.Middleware = tenant.HandleAsync;
        });
        return tenant;
    }

    /// <summary>Handles all requests in another way, until <see cref="Restore"/>.</summary>
    public void FailWith(Func<HttpContext, Task> fault) => Volatile.Write(ref _fault, fault);

    public void Restore()
    {
        Volatile.Write(ref _fault, null);
        Network.Restore();
    }

    /// <summary>A logout token for a token of this server (OpenID Connect Back-Channel Logout 1.0, section 2.4).</summary>
    public string CreateLogoutToken(EnduranceToken token)
    {
        long now = _clock.GetUtcNow().ToUnixTimeSeconds();
        string claims =
            $$"""{"iss":"{{Issuer}}","aud":"{{Server.ClientId}}","iat":{{now}},"exp":{{now + 120}},"jti":"{{Guid.NewGuid()}}","""
            + $$"""  "sub":"{{token.Subject}}","sid":"{{token.Session}}","""
            + """ "events":{"http://schemas.openid.net/event/backchannel-logout":{}}}""";
        return Keys.Sign("logout+jwt", ServerKeys.Encode(Encoding.UTF8.GetBytes(claims)));
    }

    public async ValueTask DisposeAsync()
    {
        await Network.DisposeAsync();
        await Server.DisposeAsync();
        Keys.Dispose();
    }

    private async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        Interlocked.Increment(ref _active);
        Interlocked.Increment(ref _calls);
        try
        {
            await (Volatile.Read(ref _fault) is { } fault ? fault(context) : RespondAsync(context, next));
        }
        finally
        {
            Interlocked.Decrement(ref _active);
        }
    }

    private Task RespondAsync(HttpContext context, RequestDelegate next)
    {
        PathString path = context.Request.Path;
        if (path == "/jwks")
        {
            Volatile.Write(ref _keysFetched, _clock.GetUtcNow().UtcTicks);
            return WriteAsync(context, Keys.PublicKeys, "application/json");
        }

        return path.StartsWithSegments("/.well-known", StringComparison.Ordinal)
            ? WriteAsync(context, Metadata(), "application/json")
            : IntrospectAsync(context, next);
    }

    /// <summary>
    /// Some responses arrive late, so that removals meet calls in flight. A signed one is signed again with the current key.
    /// </summary>
    private async Task IntrospectAsync(HttpContext context, RequestDelegate next)
    {
        Stream body = context.Response.Body;
        using var buffer = new MemoryStream();
        context.Response.Body = buffer;
        await next(context);
        context.Response.Body = body;

        string text = Encoding.UTF8.GetString(buffer.ToArray());
        if (context.Response.ContentType == SignedResponse)
            text = Keys.Sign("token-introspection+jwt", text.Split('.')[1]);
        if (Random.Shared.Next(20) == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(20, 500)), _clock, context.RequestAborted);
        await WriteAsync(context, text, context.Response.ContentType);
    }

    private static Task WriteAsync(HttpContext context, string text, string? type)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = null;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    private string Metadata() =>
        $$"""{"issuer":"{{Issuer}}","introspection_endpoint":"{{Issuer}}/introspect","jwks_uri":"{{Issuer}}/jwks","""
        + """ "response_types_supported":[]}""";
}

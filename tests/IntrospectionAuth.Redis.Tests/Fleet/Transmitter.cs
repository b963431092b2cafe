using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using IntrospectionAuth.Redis.Tests.Engines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Redis.Tests.Fleet;

/// <summary>
/// A transmitter of security events on a real socket. It publishes its key, and holds a poll until there is an event or it stops.
/// </summary>
internal sealed class Transmitter : IAsyncDisposable
{
    public const string Audience = "https://api.example.com";
    private const string SessionRevoked = "https://schemas.openid.net/secevent/caep/event-type/session-revoked";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly int _port = FreePort.Find();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _unacknowledged = new(StringComparer.Ordinal);
    private TaskCompletionSource _added = NewSignal();
    private WebApplication? _app;

    private Transmitter() { }

    public string Url => $"http://127.0.0.1:{_port}";

    public string KeysUrl => Url + "/keys";

    public string PollUrl => Url + "/poll";

    public static async Task<Transmitter> StartAsync()
    {
        var transmitter = new Transmitter();
        await transmitter.RestartAsync();
        return transmitter;
    }

    /// <summary>Starts again at the same address.</summary>
    public async Task RestartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, _port));
        _app = builder.Build();
        _app.Run(RespondAsync);
        await _app.StartAsync();
    }

    /// <summary>Ends every connection, polls included.</summary>
    public async Task StopAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app!.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
        _app = null;
    }

    /// <summary>Signs the event that the sessions of a subject were revoked.</summary>
    public string Sign(string subject) => Sign(subject, Guid.NewGuid().ToString());

    /// <summary>Offers that event to the next poll, until a poll acknowledges it.</summary>
    public void Offer(string subject)
    {
        string id = Guid.NewGuid().ToString();
        lock (_lock)
        {
            _unacknowledged.Add(id, Sign(subject, id));
            _added.SetResult();
            _added = NewSignal();
        }
    }

    /// <summary>The number of events that no poll has acknowledged.</summary>
    public int Unacknowledged
    {
        get
        {
            lock (_lock)
                return _unacknowledged.Count;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await StopAsync();
        _key.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private string Sign(string subject, string id)
    {
        var header = new JsonObject
        {
            ["typ"] = "secevent+jwt",
            ["alg"] = "ES256",
            ["kid"] = "1",
        };
        var claims = new JsonObject
        {
            ["iss"] = Url,
            ["aud"] = Audience,
            ["iat"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
            ["jti"] = id,
            ["sub_id"] = new JsonObject
            {
                ["format"] = "iss_sub",
                ["iss"] = Url,
                ["sub"] = subject,
            },
            ["events"] = new JsonObject { [SessionRevoked] = new JsonObject() },
        };
        string signed = $"{Encode(header)}.{Encode(claims)}";
        byte[] signature = _key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private async Task RespondAsync(HttpContext context)
    {
        JsonNode response = context.Request.Path == "/keys" ? Keys() : await PollAsync(context);
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(response.ToJsonString(), context.RequestAborted);
    }

    private async Task<JsonNode> PollAsync(HttpContext context)
    {
        JsonNode request = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
        while (true)
        {
            Task added;
            lock (_lock)
            {
                foreach (JsonNode? id in request["ack"]?.AsArray() ?? [])
                    _unacknowledged.Remove((string)id!);
                if (_unacknowledged.Count > 0)
                {
                    IEnumerable<KeyValuePair<string, JsonNode?>> sets = _unacknowledged.Select(it =>
                        KeyValuePair.Create<string, JsonNode?>(it.Key, it.Value)
                    );
                    return new JsonObject { ["sets"] = new JsonObject(sets) };
                }

                added = _added.Task;
            }

            await added.WaitAsync(context.RequestAborted);
        }
    }

    private JsonObject Keys()
    {
        ECPoint point = _key.ExportParameters(includePrivateParameters: false).Q;
        var key = new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["kid"] = "1",
            ["use"] = "sig",
            ["alg"] = "ES256",
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        };
        return new JsonObject { ["keys"] = new JsonArray(key) };
    }
}

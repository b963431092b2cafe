using System.IO.Compression;
using System.Text;
using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.Faults;

/// <summary>Responses of an authorization server, or of a proxy before it, that say nothing about the token.</summary>
internal static class FaultyServer
{
    /// <summary>A response that would make the token active if it arrived correctly.</summary>
    public const string Active = """{"active":true,"scope":"read","sub":"user-1"}""";

    private const string Json = "Content-Type: application/json";

    /// <summary>Faults that are detected immediately.</summary>
    public static IReadOnlyDictionary<string, Func<Exchange, Task>> Quick { get; } =
        new Dictionary<string, Func<Exchange, Task>>(StringComparer.Ordinal)
        {
            ["reset"] = exchange => exchange.ResetAsync(),
            ["closed-without-response"] = _ => Task.CompletedTask,
            ["closed-in-headers"] = exchange => exchange.WriteRawAsync("HTTP/1.1 200 OK\r\nContent-Ty"),
            ["closed-in-body"] = exchange => exchange.WriteRawAsync($"HTTP/1.1 200 OK\r\n{Json}\r\nContent-Length: 500\r\n\r\n{Active}"),
            ["closed-in-chunk"] = exchange =>
                exchange.WriteRawAsync($"HTTP/1.1 200 OK\r\n{Json}\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n{Active}"),
            ["not-http"] = exchange => exchange.WriteRawAsync("220 mail.example.com ESMTP\r\n"),
            ["giant-header"] = exchange => exchange.WriteAsync("200 OK", $"{Json}\nX-Big: {new string('a', 200_000)}", Active),

            ["201"] = exchange => exchange.WriteAsync("201 Created", Json, Active),
            ["204"] = exchange => exchange.WriteRawAsync("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"),
            ["400"] = exchange => exchange.WriteAsync("400 Bad Request", Json, """{"error":"invalid_request"}"""),
            ["401"] = exchange =>
                exchange.WriteAsync("401 Unauthorized", $"{Json}\nWWW-Authenticate: Basic realm=\"x\"", """{"active":false}"""),
            ["403"] = exchange => exchange.WriteAsync("403 Forbidden", Json, """{"active":false}"""),
            ["404"] = exchange => exchange.WriteAsync("404 Not Found", Json, """{"active":false}"""),
            ["500"] = exchange => exchange.WriteAsync("500 Internal Server Error", Json, Active),
            ["502"] = exchange => exchange.WriteAsync("502 Bad Gateway", "Content-Type: text/html", "<html>Bad gateway</html>"),
            ["503"] = exchange => exchange.WriteAsync("503 Service Unavailable"),

            ["html"] = exchange => exchange.WriteAsync("200 OK", "Content-Type: text/html", "<html>Please log in</html>"),
            ["json-as-html"] = exchange => exchange.WriteAsync("200 OK", "Content-Type: text/html", Active),
            ["json-as-nothing"] = exchange => exchange.WriteAsync("200 OK", "", Active),
            ["html-as-json"] = exchange => exchange.WriteAsync("200 OK", Json, "<html>Please log in</html>"),
            ["empty"] = exchange => exchange.WriteAsync("200 OK", Json),
            ["garbage"] = exchange => exchange.WriteAsync("200 OK", Json, "{\"active\":true,"),
            ["two-objects"] = exchange => exchange.WriteAsync("200 OK", Json, Active + Active),
            ["null"] = exchange => exchange.WriteAsync("200 OK", Json, "null"),
            ["array"] = exchange => exchange.WriteAsync("200 OK", Json, $"[{Active}]"),
            ["no-active"] = exchange => exchange.WriteAsync("200 OK", Json, """{"scope":"read"}"""),
            ["active-text"] = exchange => exchange.WriteAsync("200 OK", Json, """{"active":"true","scope":"read"}"""),
            ["active-number"] = exchange => exchange.WriteAsync("200 OK", Json, """{"active":1,"scope":"read"}"""),
            ["active-null"] = exchange => exchange.WriteAsync("200 OK", Json, """{"active":null,"scope":"read"}"""),
            ["active-twice"] = exchange => exchange.WriteAsync("200 OK", Json, """{"active":false,"active":true,"scope":"read"}"""),
            ["scope-twice"] = exchange => exchange.WriteAsync("200 OK", Json, """{"active":true,"scope":"read","scope":"write"}"""),
            ["exp-text"] = exchange => exchange.WriteAsync("200 OK", Json, """{"active":true,"scope":"read","exp":"tomorrow"}"""),
            ["exp-negative"] = exchange => exchange.WriteAsync("200 OK", Json, """{"active":true,"scope":"read","exp":-1}"""),
            ["nested"] = exchange =>
                exchange.WriteAsync(
                    "200 OK",
                    Json,
                    $$"""{"active":true,"scope":"read","x":{{new string('[', 1000)}}{{new string(']', 1000)}}}"""
                ),
            ["not-utf8"] = exchange =>
                exchange.WriteBytesAsync([
                    .. "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"u8,
                    .. "{\"active\":true,\"scope\":\"read\",\"x\":\""u8,
                    0xC3,
                    0x28,
                    .. "\"}"u8,
                ]),
            ["compressed"] = exchange =>
                exchange.WriteBytesAsync([
                    .. "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"u8,
                    .. Compress(Active),
                ]),

            ["giant"] = exchange =>
                exchange.WriteAsync("200 OK", Json, $$"""{"active":true,"scope":"read","x":"{{new string('a', 10_000_000)}}"}"""),
            ["giant-of-unknown-length"] = exchange =>
                exchange.WriteRawAsync(
                    $"HTTP/1.1 200 OK\r\n{Json}\r\nConnection: close\r\n\r\n"
                        + $"{{\"active\":true,\"scope\":\"read\",\"x\":\"{new string('a', 262_144)}\"}}"
                ),
            ["endless"] = async exchange =>
            {
                await exchange.WriteRawAsync($"HTTP/1.1 200 OK\r\n{Json}\r\nTransfer-Encoding: chunked\r\n\r\n");
                await exchange.WriteRawAsync("1f\r\n{\"active\":true,\"scope\":\"read\",\"\r\n");
                while (true)
                    await exchange.WriteRawAsync($"1000\r\n{new string('a', 4096)}\r\n"); // until the API closes the connection
            },
        };

    /// <summary>Faults that end at <c>Timeout</c>.</summary>
    public static IReadOnlyDictionary<string, Func<Exchange, Task>> Slow { get; } =
        new Dictionary<string, Func<Exchange, Task>>(StringComparer.Ordinal)
        {
            ["hanging"] = exchange => exchange.HangAsync(),
            ["hanging-after-headers"] = async exchange =>
            {
                await exchange.WriteRawAsync($"HTTP/1.1 200 OK\r\n{Json}\r\nContent-Length: {Active.Length}\r\n\r\n");
                await exchange.HangAsync();
            },
            ["hanging-before-the-last-byte"] = async exchange =>
            {
                await exchange.WriteRawAsync($"HTTP/1.1 200 OK\r\n{Json}\r\nContent-Length: {Active.Length}\r\n\r\n{Active[..^1]}");
                await exchange.HangAsync();
            },
            ["dripping-headers"] = exchange =>
                exchange.DripAsync($"HTTP/1.1 200 OK\r\n{Json}\r\nContent-Length: {Active.Length}\r\n\r\n{Active}"),
            ["dripping-body"] = async exchange =>
            {
                await exchange.WriteRawAsync($"HTTP/1.1 200 OK\r\n{Json}\r\nContent-Length: {Active.Length}\r\n\r\n");
                await exchange.DripAsync(Active);
            },
        };

    private static byte[] Compress(string text)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return compressed.ToArray();
    }
}

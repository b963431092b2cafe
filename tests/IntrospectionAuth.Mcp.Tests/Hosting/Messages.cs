namespace IntrospectionAuth.Mcp.Tests.Hosting;

/// <summary>Messages of JSON-RPC.</summary>
internal static class Messages
{
    public static string Call(string tool) => Request("tools/call", $$$"""{"name":"{{{tool}}}","arguments":{}}""");

    public static string Request(string method, string parameters = "{}") =>
        $$$"""{"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{{{parameters}}}}""";

    public static string Initialize =>
        Request("initialize", """{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}}""");
}

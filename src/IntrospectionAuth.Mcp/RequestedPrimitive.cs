using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace IntrospectionAuth.Mcp;

/// <summary>Finds the tool, prompt or resource that a message calls.</summary>
/// <remarks>
/// The message is read by the SDK's own types and options, because a second reader might understand duplicate members, escapes, encodings
/// or the case of names otherwise.
/// </remarks>
internal static class RequestedPrimitive
{
    /// <returns>The primitive; null when the message calls none that is registered, or is no message, which the SDK rejects.</returns>
    public static async Task<IMcpServerPrimitive?> FindAsync(HttpContext context, McpServerOptions server)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
            return null;

        try
        {
            return await ReadAsync(context.Request, context.RequestAborted) switch
            {
                JsonRpcRequest request => Find(request.Method, request.Params, server),
                JsonRpcNotification notification => Find(notification.Method, notification.Params, server),
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<JsonRpcMessage?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);

        // Each reader of a body needs a stream of its own: HttpRequest.BodyReader keeps its position until the stream is another one.
        ArraySegment<byte> content = body.TryGetBuffer(out ArraySegment<byte> buffer) ? buffer : body.ToArray();
        request.Body = Open(content);
        try
        {
            return await request.ReadFromJsonAsync(TypeInfo<JsonRpcMessage>(), cancellationToken);
        }
        finally
        {
            request.Body = Open(content);
        }
    }

    private static MemoryStream Open(ArraySegment<byte> content) => new(content.Array!, content.Offset, content.Count, writable: false);

    private static IMcpServerPrimitive? Find(string method, JsonNode? parameters, McpServerOptions server) =>
        method switch
        {
            RequestMethods.ToolsCall => Find(server.ToolCollection, Read<CallToolRequestParams>(parameters)?.Name),
            RequestMethods.PromptsGet => Find(server.PromptCollection, Read<GetPromptRequestParams>(parameters)?.Name),
            RequestMethods.ResourcesRead => FindResource(server.ResourceCollection, Read<ReadResourceRequestParams>(parameters)?.Uri),
            _ => null,
        };

    private static T? Find<T>(McpServerPrimitiveCollection<T>? primitives, string? name)
        where T : class, IMcpServerPrimitive =>
        name is not null && primitives is not null && primitives.TryGetPrimitive(name, out T? found) ? found : null;

    /// <summary>As the SDK does: a resource of exactly this URI, or else the first whose template matches.</summary>
    private static McpServerResource? FindResource(McpServerPrimitiveCollection<McpServerResource>? resources, string? uri)
    {
        if (uri is null || resources is null)
            return null;

        return Find(resources, uri) is { IsTemplated: false } found ? found : resources.FirstOrDefault(resource => resource.IsMatch(uri));
    }

#pragma warning disable RS0030 // JsonSerializer is banned because of reflection. The SDK's types have generated readers, and it uses them.
    private static T? Read<T>(JsonNode? parameters) => parameters is null ? default : parameters.Deserialize(TypeInfo<T>());
#pragma warning restore RS0030

    private static JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)McpJsonUtilities.ProtocolOptions.GetTypeInfo(typeof(T));
}

using IntrospectionAuth;

namespace Example;

/// <summary>For a server that sends its JSON as text/plain.</summary>
public static class PlainTextAdapter
{
    public static Task AdaptAsync(ResponseReceivedContext context)
    {
        string? mediaType = context.ContentType?.Split(';')[0].Trim();
        if (string.Equals(mediaType, "text/plain", StringComparison.OrdinalIgnoreCase))
            context.ContentType = "application/json";
        return Task.CompletedTask;
    }
}

using System.Text;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Interop.Servers;

/// <summary>Responses and request readers that the hand-written servers share.</summary>
internal static class KestrelResponses
{
    public const string Inactive = """{"active":false}""";

    public static async Task WriteJsonAsync(this HttpResponse response, string json, int status = StatusCodes.Status200OK)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(json));
    }

    /// <returns>The form as sorted "name=value" lines, which show missing, repeated and extra parameters; null without a form.</returns>
    public static async Task<string?> ReadFormLinesAsync(this HttpRequest request)
    {
        if (request.ContentType is not "application/x-www-form-urlencoded")
            return null;

        IFormCollection form = await request.ReadFormAsync();
        return string.Join(
            '\n',
            form.SelectMany(field => field.Value.Select(value => $"{field.Key}={value}")).Order(StringComparer.Ordinal)
        );
    }
}

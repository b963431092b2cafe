using System.Text;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Interop.Servers;

/// <summary>The answers and request parts that the hand-made servers have in common.</summary>
internal static class KestrelResponses
{
    public const string Inactive = """{"active":false}""";

    public static async Task WriteJsonAsync(this HttpResponse response, string json, int status = StatusCodes.Status200OK)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(json));
    }

    /// <returns>The form as sorted "name=value" lines, so that a missing, a repeated and a superfluous parameter all show; null when there is no form.</returns>
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

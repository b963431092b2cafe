using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace IntrospectionAuth.Challenge;

/// <summary>Writes the RFC 9457 body that goes with a refusal, for callers that accept one.</summary>
internal static class ProblemWriter
{
    public static Task WriteAsync(HttpContext context, Refusal refusal)
    {
        // Another status is another handler's: so is its body.
        if (context.Response.StatusCode != refusal.StatusCode || HttpMethods.IsHead(context.Request.Method) || !AcceptsProblem(context.Request))
            return Task.CompletedTask;

        Dictionary<string, object?>? extensions = refusal.Error is null ? null : new(StringComparer.Ordinal) { ["error"] = refusal.Error };
        return TypedResults.Problem(detail: refusal.Description, statusCode: refusal.StatusCode, extensions: extensions).ExecuteAsync(context);
    }

    private static bool AcceptsProblem(HttpRequest request)
    {
        IList<MediaTypeHeaderValue> accepted = request.GetTypedHeaders().Accept;
        if (accepted.Count == 0)
            return request.Headers.Accept.Count == 0; // RFC 9110, section 12.5.1: no header accepts everything

        foreach (MediaTypeHeaderValue type in accepted)
        {
            // Who takes JSON takes problem details: the same rule as in ASP.NET Core's own writer.
            bool isJson = type.MatchesMediaType("application/problem+json") || type.MatchesMediaType("application/json");
            if (isJson && type.Quality is null or > 0)
                return true;
        }

        return false;
    }
}

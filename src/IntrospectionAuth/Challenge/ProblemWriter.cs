using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace IntrospectionAuth.Challenge;

/// <summary>Writes the RFC 9457 body that goes with a refusal, for callers that accept one.</summary>
internal static class ProblemWriter
{
    private const string ErrorMember = "error";

    public static async Task WriteAsync(HttpContext context, WrittenChallenge refusal)
    {
        // Another status is another handler's: so is its body.
        if (
            context.Response.StatusCode != refusal.StatusCode
            || HttpMethods.IsHead(context.Request.Method)
            || !AcceptsProblem(context.Request)
        )
        {
            return;
        }

        // An application that has a way of its own with problem details (AddProblemDetails) is asked first.
        if (
            context.RequestServices.GetService<IProblemDetailsService>() is { } service
            && await service.TryWriteAsync(CreateProblem(context, refusal))
        )
        {
            return;
        }

        // By hand, since the application's JSON options may know nothing of problem details, in a trimmed application for one.
        context.Response.ContentType = "application/problem+json";
        await context.Response.BodyWriter.WriteAsync(Write(refusal), context.RequestAborted);
    }

    private static ProblemDetailsContext CreateProblem(HttpContext context, WrittenChallenge refusal)
    {
        var problem = new ProblemDetailsContext
        {
            HttpContext = context,
            ProblemDetails =
            {
                Status = refusal.StatusCode,
                Title = ReasonPhrases.GetReasonPhrase(refusal.StatusCode),
                Detail = refusal.Description,
            },
        };
        if (refusal.Error is not null)
            problem.ProblemDetails.Extensions[ErrorMember] = refusal.Error;
        return problem;
    }

    private static ReadOnlyMemory<byte> Write(WrittenChallenge refusal)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("title", ReasonPhrases.GetReasonPhrase(refusal.StatusCode));
        json.WriteNumber("status", refusal.StatusCode);
        if (refusal.Description is not null)
            json.WriteString("detail", refusal.Description);
        if (refusal.Error is not null)
            json.WriteString(ErrorMember, refusal.Error);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
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

using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace IntrospectionAuth.Challenge;

/// <summary>Writes the problem details (RFC 9457) of a challenge, for callers that accept them.</summary>
internal static class ProblemWriter
{
    private const string ErrorMember = "error";
    private const string ReasonMember = "reason"; // this and the next one in Development only
    private const string HintMember = "hint";

    /// <summary>The longest Accept header that is read. That of a browser has fewer than 300 characters.</summary>
    private const int MaximumAcceptLength = 512;

    public static async Task WriteAsync(HttpContext context, WrittenChallenge challenge)
    {
        // Another handler has changed the status, so the body is its own too.
        if (
            context.Response.StatusCode != challenge.StatusCode
            || HttpMethods.IsHead(context.Request.Method)
            || !AcceptsProblem(context.Request)
        )
        {
            return;
        }

        // An application that calls AddProblemDetails writes them itself.
        if (
            context.RequestServices.GetService<IProblemDetailsService>() is { } service
            && await service.TryWriteAsync(CreateProblem(context, challenge))
        )
        {
            return;
        }

        // The JSON options of the application may lack problem details, for example in a trimmed application.
        context.Response.ContentType = "application/problem+json";
        await context.Response.BodyWriter.WriteAsync(Write(challenge), context.RequestAborted);
    }

    private static ProblemDetailsContext CreateProblem(HttpContext context, WrittenChallenge challenge)
    {
        var problem = new ProblemDetailsContext
        {
            HttpContext = context,
            ProblemDetails =
            {
                Status = challenge.StatusCode,
                Title = ReasonPhrases.GetReasonPhrase(challenge.StatusCode),
                Detail = challenge.Description,
            },
        };
        if (challenge.Error is not null)
            problem.ProblemDetails.Extensions[ErrorMember] = challenge.Error;
        if (challenge.Explanation is { } explanation)
        {
            problem.ProblemDetails.Extensions[ReasonMember] = explanation.Reason;
            if (explanation.Hint is not null)
                problem.ProblemDetails.Extensions[HintMember] = explanation.Hint;
        }

        return problem;
    }

    private static ReadOnlyMemory<byte> Write(WrittenChallenge challenge)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("title", ReasonPhrases.GetReasonPhrase(challenge.StatusCode));
        json.WriteNumber("status", challenge.StatusCode);
        if (challenge.Description is not null)
            json.WriteString("detail", challenge.Description);
        if (challenge.Error is not null)
            json.WriteString(ErrorMember, challenge.Error);
        if (challenge.Explanation is { } explanation)
        {
            json.WriteString(ReasonMember, explanation.Reason);
            if (explanation.Hint is not null)
                json.WriteString(HintMember, explanation.Hint);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    /// <remarks>
    /// The framework's parser of a whole header starts again at each character after a fault, which takes quadratic time. So each media
    /// type is parsed alone. The limit is for the service of AddProblemDetails, which uses that parser.
    /// </remarks>
    private static bool AcceptsProblem(HttpRequest request)
    {
        if (request.Headers.Accept.Count == 0)
            return true; // RFC 9110, section 12.5.1: a request without the header accepts everything

        string accepted = request.Headers.Accept.ToString();
        if (accepted.Length > MaximumAcceptLength)
            return false;

        foreach (StringSegment text in new StringTokenizer(accepted, [',']))
        {
            // As in ASP.NET Core's own writer, a caller that accepts JSON accepts problem details: application/json matches them, too.
            if (
                MediaTypeHeaderValue.TryParse(text, out MediaTypeHeaderValue? type)
                && type.MatchesMediaType("application/problem+json")
                && type.Quality is null or > 0
            )
            {
                return true;
            }
        }

        return false;
    }
}

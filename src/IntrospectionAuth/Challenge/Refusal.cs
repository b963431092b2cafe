using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace IntrospectionAuth.Challenge;

/// <summary>What a scheme told the caller, left with the request so that other schemes and the body agree with it.</summary>
internal sealed class Refusal
{
    public required int StatusCode { get; init; }

    public string? Error { get; init; }

    public string? Description { get; init; }

    public bool IsUnavailable => StatusCode == StatusCodes.Status503ServiceUnavailable;

    /// <summary>
    /// "Could not find out" outweighs what other schemes say: theirs is "not mine" at best, and a caller who believed it would throw a good token away.
    /// </summary>
    public void Reassert(HttpResponse response)
    {
        if (!IsUnavailable)
            return;

        response.StatusCode = StatusCode;
        response.Headers.Remove(HeaderNames.WWWAuthenticate);
        response.Headers.Remove(HeaderNames.Location); // a cookie scheme's way to its login page
    }
}

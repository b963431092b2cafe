using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace IntrospectionAuth.Challenge;

/// <summary>What a scheme told the caller, left with the request so that other schemes and the body agree with it.</summary>
internal sealed class WrittenChallenge
{
    public required int StatusCode { get; init; }

    public string? Error { get; init; }

    public string? Description { get; init; }

    /// <summary>Whether the token is good, and its user has to authenticate anew.</summary>
    public bool IsStepUp { get; init; }

    /// <summary>Whether the caller would be "forbidden" by another scheme, while its token was not accepted.</summary>
    public bool ReplacesForbidden { get; init; }

    /// <summary>Whether the status stands, whatever another scheme says.</summary>
    public bool Outweighs =>
        IsStepUp || ReplacesForbidden || StatusCode is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status400BadRequest;

    /// <summary>Whether every scheme has spoken: what changes the status afterwards does so on purpose.</summary>
    public bool IsSettled { get; set; }

    public bool IsUnavailable => StatusCode == StatusCodes.Status503ServiceUnavailable;

    /// <summary>
    /// "Could not find out" and "malformed" outweigh what other schemes say to the same request: theirs is "not mine" at best, and a caller who believed it would throw
    /// a good token away, or try a bad header again. "Authenticate again" outweighs "forbidden": it is what the caller can do about it. So
    /// does what is wrong with a token that was not accepted.
    /// </summary>
    public void Reassert(HttpResponse response)
    {
        bool isWrittenOver =
            response.StatusCode is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status302Found;
        if (!Outweighs || (response.StatusCode != StatusCode && !isWrittenOver))
            return;

        response.StatusCode = StatusCode;
        response.Headers.Remove(HeaderNames.Location); // a cookie scheme's way to its login page
        if (IsUnavailable)
            response.Headers.Remove(HeaderNames.WWWAuthenticate);
    }
}

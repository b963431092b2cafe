using IntrospectionAuth.Events;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Challenge;

/// <summary>A request feature: the status and error that a scheme wrote. Other schemes and the response body agree with it.</summary>
internal sealed class WrittenChallenge
{
    public required int StatusCode { get; init; }

    public string? Error { get; init; }

    public string? Description { get; init; }

    /// <summary>What the body says about the reason in Development; null in Production.</summary>
    public Explanation? Explanation { get; init; }

    /// <summary>Whether the token was accepted and its user must authenticate again.</summary>
    public bool IsStepUp { get; init; }

    /// <summary>Whether the token was not accepted, and another scheme would forbid the request.</summary>
    public bool ReplacesForbidden { get; init; }

    /// <summary>Whether all schemes have written their challenges, so that a later change of the status is intended.</summary>
    public bool IsFinal { get; set; }

    public bool IsUnavailable => StatusCode == StatusCodes.Status503ServiceUnavailable;

    /// <summary>
    /// Whether the status holds against the challenges of other schemes. An unavailable authorization server and a malformed request come
    /// first: another scheme only knows that the token is not its own, and a caller that believed it would discard a valid token. A
    /// step-up challenge, and the rejection of a token, tell the caller more than 403 does.
    /// </summary>
    public bool TakesPrecedence =>
        IsStepUp || ReplacesForbidden || StatusCode is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status400BadRequest;
}

using IntrospectionAuth.Events;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Challenge;

/// <summary>A request feature: the decision that denied the request under its endpoint's policy. Challenges state it.</summary>
/// <remarks>
/// Requirement handlers record nothing, because they also run when an application calls <c>AuthorizeAsync</c> itself. The result of that
/// call must not change a later challenge.
/// </remarks>
internal sealed class AuthorizationDenial
{
    /// <summary>The denied endpoint. Another one, such as an error page, may run later in the same request.</summary>
    public required Endpoint? Endpoint { get; init; }

    /// <summary>
    /// The scopes that the policy requires, separated by spaces; null unless one is missing and a token with it would be accepted.
    /// </summary>
    public string? Scopes { get; init; }

    /// <summary>The authentication that the policy requires of the user; null unless another authentication would be accepted.</summary>
    public RequiredAuthentication? Authentication { get; init; }

    /// <summary>Why the policy refused the request; null unless the caller may read it.</summary>
    public Explanation? Explanation { get; init; }

    /// <summary>The introspection schemes whose token the policy used.</summary>
    public required IReadOnlyList<string> AcceptedBy { get; init; }

    /// <summary>The introspection schemes that did not accept their token. They challenge instead of the policy's schemes.</summary>
    public required IReadOnlyList<string> ChallengingSchemes { get; init; }

    /// <summary>
    /// The failure of a scheme whose authorization server was unavailable, which makes the status 503; null when there is none.
    /// </summary>
    public OAuthIntrospectionException? Unavailable { get; init; }

    /// <summary>Whether the scheme of <see cref="Unavailable"/>, or an event handler, has written its challenge.</summary>
    public bool IsUnavailabilityWritten { get; set; }

    public bool IsChallengedBy(string scheme) => ChallengingSchemes.Contains(scheme, StringComparer.Ordinal);

    public void NoteWritten(string scheme)
    {
        if (Unavailable?.Scheme == scheme)
            IsUnavailabilityWritten = true;
    }

    /// <returns>The denial of the current endpoint; null when there is none.</returns>
    public static AuthorizationDenial? Of(HttpContext context) =>
        context.Features.Get<AuthorizationDenial>() is { } denial && ReferenceEquals(denial.Endpoint, context.GetEndpoint())
            ? denial
            : null;
}

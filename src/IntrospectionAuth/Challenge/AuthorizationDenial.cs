using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Challenge;

/// <summary>
/// The decision by which the framework refused a request under its endpoint's policy, left with the request so that schemes can tell the
/// caller why.
/// </summary>
/// <remarks>
/// Requirement handlers leave nothing: they also run when an application merely asks (<c>AuthorizeAsync</c>), and what it finds out must
/// not change what a later refusal says.
/// </remarks>
internal sealed class AuthorizationDenial
{
    /// <summary>The endpoint that was refused; another one may run later in the same request, to show an error page.</summary>
    public required Endpoint? Endpoint { get; init; }

    /// <summary>The scopes that the policy requires, separated by spaces; null unless one is missing and would help.</summary>
    public string? Scopes { get; init; }

    /// <summary>What the policy requires of the user's authentication; null unless that was not met and would help.</summary>
    public RequiredAuthentication? Authentication { get; init; }

    /// <summary>The introspection schemes whose token the policy took.</summary>
    public required IReadOnlyList<string> AcceptedBy { get; init; }

    /// <summary>
    /// The introspection schemes that must speak in place of the policy's: their token was not accepted, so nobody is "forbidden" anything
    /// yet.
    /// </summary>
    public required IReadOnlyList<string> ChallengingSchemes { get; init; }

    /// <summary>The failure to check a token, by which the caller gets 503; null when there is none.</summary>
    public OAuthIntrospectionException? Unchecked { get; init; }

    /// <summary>Whether the scheme that could not check the token has told the caller so, or an event handler in its place.</summary>
    public bool IsUnavailabilityWritten { get; set; }

    /// <summary>Whether a scheme must tell the caller what is wrong with its token, and the policy's other schemes nothing.</summary>
    public bool IsChallengedBy(string scheme) => ChallengingSchemes.Contains(scheme, StringComparer.Ordinal);

    public void NoteWritten(string scheme) => IsUnavailabilityWritten |= Unchecked?.Scheme == scheme;

    /// <returns>The decision; null when the endpoint's policy let the request in, or there is none.</returns>
    public static AuthorizationDenial? Of(HttpContext context) =>
        context.Features.Get<AuthorizationDenial>() is { } refused && ReferenceEquals(refused.Endpoint, context.GetEndpoint())
            ? refused
            : null;
}

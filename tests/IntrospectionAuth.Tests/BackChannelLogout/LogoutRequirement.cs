using IntrospectionAuth.Tests.Responses;

namespace IntrospectionAuth.Tests.BackChannelLogout;

/// <summary>A requirement on logout tokens, and a token that meets or violates it.</summary>
/// <param name="Section">The section of OpenID Connect Back-Channel Logout 1.0, errata set 1.</param>
/// <param name="Name">The requirement, and what the token does.</param>
/// <param name="IsMet">Whether the token takes effect.</param>
/// <param name="Change">Changes a valid token.</param>
internal sealed record LogoutRequirement(string Section, string Name, bool IsMet, Action<SignedResponse> Change);

using Microsoft.Extensions.Options;

namespace IntrospectionAuth.BackChannelLogout;

/// <summary>Who receives logout tokens: a scheme, by its current options, and the clients that the tokens name.</summary>
internal sealed class LogoutRecipient(
    string schemeName,
    IReadOnlyCollection<string> clientIds,
    IOptionsMonitor<OAuthIntrospectionOptions> options
)
{
    public IntrospectionScheme Scheme => new(schemeName, options.Get(schemeName));

    public IReadOnlyCollection<string> GetClientIds(OAuthIntrospectionOptions current) =>
        clientIds.Count > 0 ? clientIds
        : string.IsNullOrEmpty(current.ClientId) ? []
        : [current.ClientId];

    /// <returns>Why no logout token can be accepted with these options, or null.</returns>
    public string? FindFault(OAuthIntrospectionOptions current) =>
        string.IsNullOrEmpty(current.Authority)
            ? $"scheme {schemeName} has no Authority, which is the issuer of logout tokens and leads to its keys. Set it."
        : GetClientIds(current).Count == 0
            ? $"scheme {schemeName} has no ClientId, so the audience of logout tokens is unknown. Set it, or set ClientIds."
        : clientIds.Any(string.IsNullOrWhiteSpace) ? "ClientIds has an empty value. Remove it, or write the client that is meant."
        : null;
}

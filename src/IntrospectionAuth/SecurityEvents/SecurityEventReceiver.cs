using System.Text.Json;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.PushedRevocation;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.SecurityEvents;

/// <summary>Verifies security event tokens of one transmitter and applies their events, however they are delivered.</summary>
internal sealed class SecurityEventReceiver(
    string source,
    string schemeName,
    SecurityEventOptions options,
    PushedTokenVerifier verifier,
    PushedEvents events,
    IOptionsMonitor<OAuthIntrospectionOptions> schemes
)
{
    private const string MediaSubtype = "secevent+jwt"; // SSF 1.0, section 4.1.1: events are explicitly typed

    // Transmitters keep events while a receiver is down. No cache entry is older, so an older event could remove none.
    private static readonly TimeSpan s_maximumAge = TimeSpan.FromDays(7);

    public OAuthIntrospectionOptions Scheme => schemes.Get(schemeName);

    /// <param name="text">The token.</param>
    /// <param name="id">The <c>jti</c> that the token must have; null for any.</param>
    /// <param name="cancellationToken">Cancelled when its sender goes away.</param>
    public async Task<SecurityEventReceipt> ReceiveAsync(string text, string? id, CancellationToken cancellationToken)
    {
        OAuthIntrospectionOptions scheme = Scheme;
        if ((options.Issuer ?? scheme.Authority) is not { } issuer)
            return Undecide("The scheme no longer has an Authority.");

        var expected = new PushedTokenExpectations
        {
            Type = MediaSubtype,
            Issuer = issuer,
            KeysUrl = options.KeysUrl is { } url ? new Uri(url) : null,
            Audiences = [.. options.Audiences],
            MaximumAge = s_maximumAge,
            FindFault = claims => FindFault(claims, id),
        };
        PushedTokenResult result = await verifier.VerifyAsync(new(schemeName, scheme), text, expected, cancellationToken);
        return result.IsAccepted ? Apply(SecurityEventReader.Read(result.Token.Claims).Value!) : Reject(result.Rejection);
    }

    /// <summary>Reports a token that is refused.</summary>
    public SecurityEventReceipt Refuse(string code, string description)
    {
        events.Reject(source, description);
        return SecurityEventReceipt.Refused(new(code, description));
    }

    private SecurityEventReceipt Undecide(string description)
    {
        events.Reject(source, description);
        return SecurityEventReceipt.Undecided;
    }

    private static string? FindFault(JsonElement claims, string? id) =>
        id is not null && claims.GetProperty("jti").GetString() != id
            ? "The jti is not the one under which the token was sent."
            : SecurityEventReader.Read(claims).Fault;

    private SecurityEventReceipt Apply(List<SecurityEvent> received)
    {
        if (received.Exists(it => it.State is { } state && options.VerificationState is { } expected && state != expected))
            return Refuse(SecurityEventError.InvalidState, "The state is not the expected one.");

        foreach (SecurityEvent it in received)
        {
            if (it.Tokens is { IsEmpty: false })
                events.Apply(source, it.Type!, it.Tokens);
            else if (it.Tokens is not null)
                events.Skip(source, it.Type!);
            else if (it.StreamStatus is not null)
                events.ReportStream(source, it.Type!, it.StreamStatus);
            else
                events.Ignore(source, it.Type, it.Type is null ? "it does not revoke tokens" : "it verifies that events arrive");
        }

        return SecurityEventReceipt.Accepted;
    }

    private SecurityEventReceipt Reject(PushedTokenRejection rejection)
    {
        switch (rejection.Fault)
        {
            case PushedTokenFault.Replayed: // RFC 8935, section 2: a transmitter may send a token again.
                events.Ignore(source, type: null, "it was received before");
                return SecurityEventReceipt.Accepted;
            case PushedTokenFault.KeysUnavailable:
                return Undecide(rejection.Description);
            case PushedTokenFault.InvalidSignature:
                return Refuse(SecurityEventError.InvalidKey, rejection.Description);
            case PushedTokenFault.InvalidIssuer:
                return Refuse(SecurityEventError.InvalidIssuer, rejection.Description);
            case PushedTokenFault.InvalidAudience:
                return Refuse(SecurityEventError.InvalidAudience, rejection.Description);
            default:
                return Refuse(SecurityEventError.InvalidRequest, rejection.Description);
        }
    }
}

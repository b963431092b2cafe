using System.Text.Json;
using IntrospectionAuth.Json;
using IntrospectionAuth.PushedRevocation;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.BackChannelLogout;

/// <summary>The claims that make a JWT a logout token (Back-Channel Logout 1.0, sections 2.4 and 2.6).</summary>
internal static class LogoutClaims
{
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    /// <summary>Steps 5 to 7 of section 2.6, which tell a logout token from an ID token of the same issuer and audience.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? FindFault(JsonElement claims)
    {
        // 5. A sub, a sid, or both.
        bool hasSubject = claims.TryGetProperty(MemberNames.Subject, out JsonElement subject);
        bool hasSession = claims.TryGetProperty(MemberNames.SessionId, out JsonElement session);
        if (!hasSubject && !hasSession)
            return "The sub and the sid are missing.";
        if ((hasSubject && !IsText(subject)) || (hasSession && !IsText(session)))
            return "The sub or sid is not text.";

        // 6. The event, whose value is an object. Other events may be beside it.
        if (
            !claims.TryGetProperty("events", out JsonElement events)
            || events.ValueKind != JsonValueKind.Object
            || !events.TryGetProperty(Event, out JsonElement logout)
            || logout.ValueKind != JsonValueKind.Object
        )
        {
            return "The events do not have the logout event as an object.";
        }

        // 7. No nonce.
        return claims.TryGetProperty("nonce", out _) ? "The nonce is not allowed." : null;
    }

    /// <summary>
    /// The tokens that a logout revokes (section 2.7). A session may belong to responses without <c>sid</c>, so the tokens of the subject
    /// are removed too: those of other sessions only cost a call.
    /// </summary>
    public static RevokedTokens FindRevoked(JsonElement claims)
    {
        var tokens = new RevokedTokens();
        if (claims.ReadString(MemberNames.Subject) is { } subject)
            tokens.Subjects.Add(subject);
        if (claims.ReadString(MemberNames.SessionId) is { } session)
            tokens.Sessions.Add(session);
        return tokens;
    }

    private static bool IsText(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString()!.Length > 0;
}

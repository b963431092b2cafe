using IntrospectionAuth.Fuzzing.Plain;
using IntrospectionAuth.PushedRevocation;
using IntrospectionAuth.SecurityEvents;

namespace IntrospectionAuth.Fuzzing.Targets;

/// <summary>A security event token (RFC 8417) with events of SSF, CAEP and RISC.</summary>
internal sealed class SecurityEventTarget : PushedTokenTarget
{
    private const string Prefix = "https://schemas.openid.net/secevent/";

    private static readonly string[] s_revocations =
    [
        "caep/event-type/session-revoked",
        "caep/event-type/token-claims-change",
        "caep/event-type/credential-change",
        "risc/event-type/account-credential-change-required",
        "risc/event-type/account-disabled",
        "risc/event-type/account-purged",
        "risc/event-type/credential-compromise",
        "risc/event-type/sessions-revoked",
    ];

    public override string Name => "security-event";

    public override string Purpose => "a security event token (RFC 8417)";

    public override IReadOnlyList<string> Words { get; } =
    [
        "\"typ\":\"secevent+jwt\"",
        "\"alg\":\"ES256\"",
        "\"iss\":\"https://as.example\"",
        "\"aud\":\"api\"",
        "\"iat\":1767225600",
        "\"exp\":1767225660",
        "\"jti\":\"1\"",
        "\"sub\":\"1\"",
        "\"sub_id\":{\"format\":\"iss_sub\",\"iss\":\"i\",\"sub\":\"s\"}",
        "\"subject\":{\"format\":\"opaque\",\"id\":\"s\"}",
        "\"format\":\"email\",\"email\":\"a\"",
        "\"format\":\"account\",\"uri\":\"acct:a\"",
        "\"format\":\"aliases\",\"identifiers\":[",
        "\"format\":\"complex\"",
        "\"user\":{",
        "\"session\":{",
        "\"tenant\":{",
        "\"events\":{",
        "\"https://schemas.openid.net/secevent/caep/event-type/session-revoked\":{}",
        "\"https://schemas.openid.net/secevent/risc/event-type/account-disabled\":{}",
        "\"https://schemas.openid.net/secevent/ssf/event-type/verification\":{\"state\":\"a\"}",
        "\"https://schemas.openid.net/secevent/ssf/event-type/stream-updated\":{\"status\":\"paused\"}",
    ];

    protected override PushedTokenExpectations Expectations { get; } =
        new()
        {
            Type = "secevent+jwt",
            Issuer = FixedKeys.Issuer,
            KeysUrl = FixedKeys.Url,
            Audiences = [FixedKeys.ClientId],
            MaximumAge = TimeSpan.FromDays(7),
            FindFault = static claims => SecurityEventReader.Read(claims).Fault,
        };

    protected override PlainSubject? ReadPlainly(JoseInput message, out PlainPushedToken? token)
    {
        token = PlainPushedToken.Read(message.Text, message.IsSigned, ["secevent+jwt"], TimeSpan.FromDays(7), needsExpiry: false);
        if (token?.Claims is not { } claims || claims.Get("sub") is not null || claims.Get("exp") is not null)
            return null;
        if (claims.Get("events") is not { Kind: PlainKind.Object, Members.Count: > 0 } events)
            return null;

        var all = new PlainSubject();
        foreach ((string? name, PlainValue value) in events.Members)
        {
            if (value.Kind != PlainKind.Object || name is null)
                return null;
            if (name == Prefix + "ssf/event-type/stream-updated" && value.GetText("status") is not ("enabled" or "paused" or "disabled"))
                return null;
            if (!Array.Exists(s_revocations, it => name == Prefix + it))
                continue;

            PlainValue?[] subjects = [claims.Get("sub_id"), value.Get("subject")];
            if (Array.TrueForAll(subjects, static it => it is null) || !Array.TrueForAll(subjects, it => it is null || all.TryAdd(it)))
                return null;
        }

        return all;
    }

    protected override RevokedTokens FindRevoked(PushedToken token)
    {
        var all = new RevokedTokens();
        foreach (SecurityEvent it in SecurityEventReader.Read(token.Claims).Value!.Where(static it => it.Tokens is not null))
        {
            all.Subjects.UnionWith(it.Tokens!.Subjects);
            all.Sessions.UnionWith(it.Tokens.Sessions);
            all.Organizations.UnionWith(it.Tokens.Organizations);
        }

        return all;
    }
}

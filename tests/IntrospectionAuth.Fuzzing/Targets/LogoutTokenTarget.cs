using IntrospectionAuth.BackChannelLogout;
using IntrospectionAuth.Fuzzing.Plain;
using IntrospectionAuth.PushedRevocation;

namespace IntrospectionAuth.Fuzzing.Targets;

/// <summary>A logout token (OpenID Connect Back-Channel Logout 1.0, section 2.4).</summary>
internal sealed class LogoutTokenTarget : PushedTokenTarget
{
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    public override string Name => "logout-token";

    public override string Purpose => "a logout token (OpenID Connect Back-Channel Logout 1.0)";

    public override IReadOnlyList<string> Words { get; } =
    [
        "\"typ\":\"logout+jwt\"",
        "\"typ\":\"JWT\"",
        "\"alg\":\"ES256\"",
        "\"alg\":\"none\"",
        "\"kid\":\"1\"",
        "\"iss\":\"https://as.example\"",
        "\"aud\":\"api\"",
        "\"aud\":[\"api\"]",
        "\"iat\":1767225600",
        "\"exp\":1767225660",
        "\"nbf\":1767225600",
        "\"jti\":\"1\"",
        "\"sub\":\"s\"",
        "\"sid\":\"s\"",
        "\"nonce\":null",
        "\"events\":{\"http://schemas.openid.net/event/backchannel-logout\":{}}",
    ];

    protected override PushedTokenExpectations Expectations { get; } =
        new()
        {
            Type = "logout+jwt",
            AcceptsUntyped = true,
            Issuer = FixedKeys.Issuer,
            KeysUrl = FixedKeys.Url,
            Audiences = [FixedKeys.ClientId],
            RequiresExpiry = true,
            MaximumAge = TimeSpan.FromMinutes(10),
            FindFault = LogoutClaims.FindFault,
        };

    protected override PlainSubject? ReadPlainly(JoseInput message, out PlainPushedToken? token)
    {
        token = PlainPushedToken.Read(
            message.Text,
            message.IsSigned,
            ["logout+jwt", "JWT", null],
            Expectations.MaximumAge,
            needsExpiry: true
        );
        if (token?.Claims is not { } claims || claims.Get("nonce") is not null)
            return null;
        if (claims.Get("events") is not { Kind: PlainKind.Object } events || events.Get(Event) is not { Kind: PlainKind.Object })
            return null;

        var subject = new PlainSubject();
        foreach (
            (string name, HashSet<string> values) in ((string, HashSet<string>)[])[("sub", subject.Subjects), ("sid", subject.Sessions)]
        )
        {
            if (claims.Get(name) is null)
                continue;
            if (claims.GetText(name) is not { Length: > 0 } value)
                return null;
            values.Add(value);
        }

        return subject.Subjects.Count + subject.Sessions.Count > 0 ? subject : null;
    }

    protected override RevokedTokens FindRevoked(PushedToken token) => LogoutClaims.FindRevoked(token.Claims);
}

using System.Diagnostics.CodeAnalysis;

namespace IntrospectionAuth.PushedRevocation;

/// <summary>A pushed token, or why it is rejected.</summary>
internal readonly struct PushedTokenResult
{
    private PushedTokenResult(PushedToken? token, PushedTokenRejection? rejection) => (Token, Rejection) = (token, rejection);

    public PushedToken? Token { get; }

    public PushedTokenRejection? Rejection { get; }

    [MemberNotNullWhen(true, nameof(Token))]
    [MemberNotNullWhen(false, nameof(Rejection))]
    public bool IsAccepted => Token is not null;

    public static implicit operator PushedTokenResult(PushedToken token) => new(token, null);

    public static implicit operator PushedTokenResult(PushedTokenRejection rejection) => new(null, rejection);
}

namespace IntrospectionAuth.PushedRevocation;

/// <summary>Why a pushed token is rejected.</summary>
/// <param name="Fault">What a response to the sender distinguishes.</param>
/// <param name="Description">A fixed sentence for the sender and the log. It holds nothing of the token.</param>
internal sealed record PushedTokenRejection(PushedTokenFault Fault, string Description)
{
    public static PushedTokenRejection Invalid(string description) => new(PushedTokenFault.InvalidToken, description);
}

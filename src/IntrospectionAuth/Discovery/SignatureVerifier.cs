using IntrospectionAuth.Jose;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Discovery;

/// <summary>Verifies a message with a server's keys, which are fetched again if none of the known keys signed it.</summary>
internal static class SignatureVerifier
{
    public static async Task<SignatureVerification> VerifyAsync(
        this Remembered<Outcome<KeySet>> keys,
        Jws message,
        OAuthIntrospectionOptions options,
        CancellationToken cancellationToken
    )
    {
        Outcome<KeySet> known = await keys.FindAsync(options).WaitAsync(cancellationToken);
        if (!known.IsAvailable || known.Value.HasSigned(message))
            return new(known.IsAvailable, known);

        Outcome<KeySet> renewed = await keys.RenewAsync(options, known).WaitAsync(cancellationToken);
        return new(renewed != known && renewed.Value?.HasSigned(message) == true, renewed);
    }
}

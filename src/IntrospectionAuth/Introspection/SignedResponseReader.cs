using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.Discovery;
using IntrospectionAuth.Http;
using IntrospectionAuth.Jose;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Introspection;

/// <summary>
/// Reads a response that must be signed, and may be encrypted (RFC 9701, section 5). The response inside is read like a plain one, after
/// the signature is verified.
/// </summary>
internal sealed class SignedResponseReader(KeySets serverKeys)
{
    private const string JwtType = "token-introspection+jwt";

    public async Task<BodyReading> ReadAsync(
        ClientAuthenticationContext request,
        HttpContent content,
        DateTimeOffset askedAt,
        StringPool strings
    )
    {
        if (!ContentType.Is(ResponseBodyReader.SignedMediaType, content.Headers))
        {
            return BodyReading.InvalidResponse(
                "a signed response is required, and its content type is not application/token-introspection+jwt"
                    + ContentType.Describe(content.Headers, request.Secrets)
            );
        }

        if (
            await LimitedBody.ReadAsync(
                content,
                request.Options.MaximumResponseLength,
                ResponseBodyReader.ReadAscii,
                request.CancellationToken
            )
            is not { } text
        )
        {
            return BodyReading.TooLong;
        }

        (string? signed, string? fault) = JweReader.IsJwe(text) ? await DecryptAsync(request, text) : (text, null);
        if (signed is null)
            return BodyReading.InvalidResponse(fault!);

        // Cheap checks come first: an unusable response causes no fetch of keys and no verification.
        if (JwsReader.Read(signed) is not { } message || !JoseAlgorithm.Asymmetric.Contains(message.Header.Algorithm))
            return BodyReading.InvalidResponse("it is not a JWT that is signed by an algorithm that is supported");
        if (!request.Options.AcceptsSigned(message.Header.Algorithm))
            return BodyReading.InvalidResponse("it is signed by an algorithm that SignedResponseAlgorithms does not name");
        if (!message.Header.HasType(JwtType))
            return BodyReading.InvalidResponse("its typ is not token-introspection+jwt");
        if (SignedClaimsReader.FindFault(message.Payload.Span, request.Options, askedAt, out Range inner) is { } claimsFault)
            return BodyReading.InvalidResponse(claimsFault);
        if (await VerifyAsync(request, message) is { } unavailability)
            return BodyReading.NotVerified(unavailability);

        return IntrospectionResponseReader.Read(message.Payload.Span[inner], askedAt, strings, request.Options.IsShared);
    }

    /// <returns>The signed message inside, or what is wrong. Encryption proves nothing: this API's public key is known.</returns>
    private static async Task<(string? Signed, string? Fault)> DecryptAsync(ClientAuthenticationContext request, string text)
    {
        OAuthIntrospectionOptions options = request.Options;
        if (!options.CanDecrypt)
            return (null, "it is encrypted, but DecryptionKeyPath is not set");
        if (JweReader.Read(text) is not { } message)
            return (null, "it is not a JWT that is encrypted by an algorithm that is supported");
        if (!options.AcceptsEncrypted(message))
            return (null, "it is encrypted by an algorithm that DecryptionAlgorithms does not name");
        if (!string.Equals(message.ContentType, "JWT", StringComparison.OrdinalIgnoreCase)) // RFC 7519, section 5.2
            return (null, "it is encrypted, but its cty is not JWT");

        ClientDecryptionKey key;
        try
        {
            key = options.DecryptionKey ?? await request.KeyFiles.GetDecryptionKeyAsync(request);
        }
        catch (InvalidOperationException)
        {
            return (null, "it is encrypted, and DecryptionKeyPath does not lead to a usable key");
        }

        return message.Decrypt(key.Key) is { } plaintext
            ? (ResponseBodyReader.ReadAscii(plaintext), null)
            : (null, "it cannot be decrypted");
    }

    /// <returns>Why the signature is not verified; null when one of the server's keys verifies it.</returns>
    private async Task<Unavailability?> VerifyAsync(ClientAuthenticationContext request, Jws message)
    {
        IntrospectionScheme scheme = request.IntrospectionScheme;
        Remembered<Outcome<KeySet>> keys = serverKeys.Get(scheme.Name, request.ServerKeysUrl!);
        SignatureVerification verification = await keys.VerifyAsync(message, scheme.Options, request.CancellationToken);
        if (verification.IsVerified || verification.Keys.Unavailability is not null)
            return verification.Keys.Unavailability;

        return new(UnavailableReason.InvalidResponse)
        {
            Fault = $"none of the server's keys verifies its signature{verification.Keys.Value!.PassedOver}",
            ContradictsMetadata = true,
        };
    }
}

using System.Buffers;
using IntrospectionAuth.Jose;
using IntrospectionAuth.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth;

/// <content>What follows from the options, for this library alone.</content>
public partial class OAuthIntrospectionOptions
{
    /// <summary>Whether the introspection endpoint is discovered.</summary>
    internal bool DiscoversEndpoint => Authority is not null && string.IsNullOrWhiteSpace(IntrospectionEndpoint);

    /// <summary>Whether the server's metadata is looked for: for its endpoint, or for its keys.</summary>
    internal bool NeedsMetadata => RequireSignedResponse || DiscoversEndpoint;

    /// <summary>Whether there may be a key that decrypts answers.</summary>
    internal bool CanDecrypt => DecryptionKey is not null || !string.IsNullOrEmpty(DecryptionKeyPath);

    /// <summary>The <c>aud</c> that a signed answer must have.</summary>
    internal string? ExpectedResponseAudience => string.IsNullOrEmpty(SignedResponseAudience) ? ClientId : SignedResponseAudience;

    internal bool AcceptsSigned(JoseAlgorithm algorithm) =>
        SignedResponseAlgorithms.Count == 0 || SignedResponseAlgorithms.Contains(algorithm.Name);

    internal bool AcceptsEncrypted(Jwe message) =>
        DecryptionAlgorithms.Count == 0
        || (DecryptionAlgorithms.Contains(message.KeyEncryption.Name) && DecryptionAlgorithms.Contains(message.ContentEncryption.Name));

    /// <summary>What a token may hold; null: what bearer tokens do.</summary>
    internal SearchValues<char>? TokenCharacters { get; private set; }

    /// <summary>What the scheme's clock says.</summary>
    internal DateTimeOffset Now => (TimeProvider ?? TimeProvider.System).GetUtcNow();

    /// <summary>The scheme's events where no request is under way: from the container when <c>EventsType</c> says so.</summary>
    internal OAuthIntrospectionEvents EventsIn(IServiceProvider services) =>
        EventsType is null ? Events : (OAuthIntrospectionEvents)services.GetRequiredService(EventsType);
}

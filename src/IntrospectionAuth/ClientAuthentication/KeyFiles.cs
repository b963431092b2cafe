using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.ClientAuthentication;

/// <summary>The private keys that lie in files. They outlive a reload of configuration, so that a broken file costs nobody the key that works.</summary>
internal sealed class KeyFiles(ILogger<KeyFiles> logger)
{
    private readonly ConcurrentDictionary<(string Path, string? Algorithm), KeyFile<ClientSigningKey>> _signingKeys = new();
    private readonly ConcurrentDictionary<string, KeyFile<ClientDecryptionKey>> _decryptionKeys = new(StringComparer.Ordinal);

    /// <returns>What is wrong with <see cref="OAuthIntrospectionOptions.SigningKeyPath"/>, as a part of a sentence; or null.</returns>
    public static string? FindSigningKeyFault(OAuthIntrospectionOptions options) => OfSigningKey((options.SigningKeyPath ?? "", options.SigningAlgorithm)).FindFault();

    /// <returns>What is wrong with <see cref="OAuthIntrospectionOptions.DecryptionKeyPath"/>, as a part of a sentence; or null.</returns>
    public static string? FindDecryptionKeyFault(OAuthIntrospectionOptions options) => OfDecryptionKey(options.DecryptionKeyPath ?? "").FindFault();

    /// <exception cref="InvalidOperationException">There has never been a usable key in the file.</exception>
    public ValueTask<ClientSigningKey> GetSigningKeyAsync(ClientAuthenticationContext context) => _signingKeys.GetOrAdd(
        (context.Options.SigningKeyPath ?? "", context.Options.SigningAlgorithm),
        static (key, logger) => OfSigningKey(key, logger),
        logger).GetAsync(context);

    /// <exception cref="InvalidOperationException">There has never been a usable key in the file.</exception>
    public ValueTask<ClientDecryptionKey> GetDecryptionKeyAsync(ClientAuthenticationContext context) => _decryptionKeys.GetOrAdd(
        context.Options.DecryptionKeyPath ?? "",
        static (path, logger) => OfDecryptionKey(path, logger),
        logger).GetAsync(context);

    private static KeyFile<ClientSigningKey> OfSigningKey((string Path, string? Algorithm) key, ILogger? logger = null) => new(
        key.Path,
        nameof(OAuthIntrospectionOptions.SigningKeyPath),
        pem => ClientSigningKey.Parse(pem, key.Algorithm),
        (scheme, path, fault) => logger?.SigningKeyNotReplaced(scheme, path, fault));

    private static KeyFile<ClientDecryptionKey> OfDecryptionKey(string path, ILogger? logger = null) => new(
        path,
        nameof(OAuthIntrospectionOptions.DecryptionKeyPath),
        ClientDecryptionKey.Parse,
        (scheme, file, fault) => logger?.DecryptionKeyNotReplaced(scheme, file, fault));
}

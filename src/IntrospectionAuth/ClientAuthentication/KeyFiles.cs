using System.Collections.Concurrent;
using IntrospectionAuth.Certificates;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.ClientAuthentication;

/// <summary>The private keys in files. They are kept when the options are reloaded, so that a usable key survives a broken file.</summary>
internal sealed class KeyFiles(ILogger<KeyFiles> logger)
{
    private readonly ConcurrentDictionary<(string Path, string? Password, string? Algorithm), WatchedFile<ClientSigningKey>> _signingKeys =
        new();
    private readonly ConcurrentDictionary<(string Path, string? Password), WatchedFile<ClientDecryptionKey>> _decryptionKeys = new();

    /// <returns>
    /// What is wrong with <see cref="OAuthIntrospectionOptions.SigningKeyPath"/>, as a sentence without its full stop; otherwise null.
    /// </returns>
    public static string? FindSigningKeyFault(OAuthIntrospectionOptions options) =>
        OfSigningKey((options.SigningKeyPath ?? "", options.SigningKeyPassword, options.SigningAlgorithm)).FindFault();

    /// <returns>
    /// What is wrong with <see cref="OAuthIntrospectionOptions.DecryptionKeyPath"/>, as a sentence without its full stop; otherwise null.
    /// </returns>
    public static string? FindDecryptionKeyFault(OAuthIntrospectionOptions options) =>
        OfDecryptionKey((options.DecryptionKeyPath ?? "", options.DecryptionKeyPassword)).FindFault();

    /// <exception cref="InvalidOperationException">The file has never contained a usable key.</exception>
    public ValueTask<ClientSigningKey> GetSigningKeyAsync(ClientAuthenticationContext context) =>
        _signingKeys
            .GetOrAdd(
                (context.Options.SigningKeyPath ?? "", context.Options.SigningKeyPassword, context.Options.SigningAlgorithm),
                static (key, logger) => OfSigningKey(key, logger),
                logger
            )
            .GetAsync(
                context.Scheme,
                context.TimeProvider,
                context.IsRetryAfterRefusal ? context.Credential.Refused : null,
                context.CancellationToken
            );

    /// <exception cref="InvalidOperationException">The file has never contained a usable key.</exception>
    public ValueTask<ClientDecryptionKey> GetDecryptionKeyAsync(ClientAuthenticationContext context) =>
        _decryptionKeys
            .GetOrAdd(
                (context.Options.DecryptionKeyPath ?? "", context.Options.DecryptionKeyPassword),
                static (key, logger) => OfDecryptionKey(key, logger),
                logger
            )
            .GetAsync(context.Scheme, context.TimeProvider, refused: null, context.CancellationToken); // only a signing key is refused

    private static WatchedFile<ClientSigningKey> OfSigningKey(
        (string Path, string? Password, string? Algorithm) key,
        ILogger? logger = null
    )
    {
        var file = new WatchedPath(key.Path, nameof(OAuthIntrospectionOptions.SigningKeyPath), "key");
        return new(
            [file],
            contents =>
            {
                (ClientSigningKey? value, string? fault) = ClientSigningKey.Parse(contents[0], key.Password, key.Algorithm);
                return (value, fault is null ? null : file.Describe(fault));
            },
            (scheme, fault) => logger?.SigningKeyNotReplaced(scheme, key.Path, fault)
        );
    }

    private static WatchedFile<ClientDecryptionKey> OfDecryptionKey((string Path, string? Password) key, ILogger? logger = null)
    {
        var file = new WatchedPath(key.Path, nameof(OAuthIntrospectionOptions.DecryptionKeyPath), "key");
        return new(
            [file],
            contents =>
            {
                (ClientDecryptionKey? value, string? fault) = ClientDecryptionKey.Parse(contents[0], key.Password);
                return (value, fault is null ? null : file.Describe(fault));
            },
            (scheme, fault) => logger?.DecryptionKeyNotReplaced(scheme, key.Path, fault)
        );
    }
}

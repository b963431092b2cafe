using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.ClientAuthentication;

/// <summary>The signing keys that lie in files. They outlive a reload of configuration, so that a broken file costs nobody the key that works.</summary>
internal sealed class SigningKeyFiles(ILogger<SigningKeyFiles> logger)
{
    private readonly ConcurrentDictionary<(string Path, string? Algorithm), SigningKeyFile> _files = new();

    /// <exception cref="InvalidOperationException">There has never been a usable key in the file.</exception>
    public ValueTask<ClientSigningKey> GetAsync(ClientAuthenticationContext context)
    {
        (string, string?) key = (context.Options.SigningKeyPath ?? "", context.Options.SigningAlgorithm);
        return _files.GetOrAdd(key, static key => new SigningKeyFile(key.Item1, key.Item2)).GetAsync(context, logger);
    }
}

using IntrospectionAuth.SharedCache;

namespace IntrospectionAuth.Configuration;

/// <summary>Finds faults in the options of the shared cache.</summary>
internal static class SharedCacheFaults
{
    private const int MaximumSecrets = 8; // each is looked up on a miss

    public static IEnumerable<string> Find(OAuthIntrospectionOptions options, bool hasEngine)
    {
        OAuthIntrospectionSharedCacheOptions shared = options.SharedCache;
        byte[]?[] secrets = [.. shared.Secrets.Select(Decode)];
        for (int i = 0; i < secrets.Length; i++)
        {
            if (secrets[i] is null)
            {
                yield return $"SharedCache.Secrets[{i}] is not base64 of at least {FleetSecret.MinimumLength} bytes. "
                    + "Create one with: openssl rand -base64 32";
            }
        }

        byte[][] valid = [.. secrets.OfType<byte[]>()];
        if (valid.DistinctBy(Convert.ToBase64String, StringComparer.Ordinal).Count() < valid.Length)
            yield return "SharedCache.Secrets has a secret twice. Remove one of them.";
        if (shared.Secrets.Count > MaximumSecrets)
            yield return $"SharedCache.Secrets has more than {MaximumSecrets} secrets. Remove those that no node encrypts with any more.";

        if (shared.Redis is not null && shared.Secrets.Count == 0)
        {
            yield return "SharedCache.Redis is set without SharedCache.Secrets. Set it to at least 32 random bytes in base64, "
                + "the same on every node.";
        }

        if (options.DPoP.ReplayAcrossNodes == DPoPReplayAcrossNodes.Required && shared.Secrets.Count == 0)
        {
            yield return "DPoP.ReplayAcrossNodes is Required, but nothing is shared between nodes, so every DPoP request would get 503. "
                + "Set SharedCache.Secrets, or set DPoP.ReplayAcrossNodes to BestEffort.";
        }

        if (!hasEngine && (shared.Redis is not null || shared.Secrets.Count > 0))
        {
            yield return "SharedCache is set, but no engine is registered. Add the package IntrospectionAuth.Redis and call "
                + "services.AddOAuthIntrospectionRedis(), or call services.AddOAuthIntrospectionDistributedCache().";
        }
    }

    /// <returns>The secret; null when it is not base64 or too short.</returns>
    private static byte[]? Decode(string? text)
    {
        byte[] buffer = new byte[text?.Length ?? 0];
        return Convert.TryFromBase64String(text ?? "", buffer, out int length) && length >= FleetSecret.MinimumLength
            ? buffer[..length]
            : null;
    }
}

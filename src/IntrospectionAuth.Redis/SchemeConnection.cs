using StackExchange.Redis;

namespace IntrospectionAuth.Redis;

/// <summary>What the schemes' options say about the connection.</summary>
internal sealed class SchemeConnection
{
    /// <summary>The names of schemes with their settings of <see cref="OAuthIntrospectionSharedCacheOptions.Redis"/>.</summary>
    public IList<(string Scheme, string Redis)> Settings { get; } = [];

    /// <summary>Whether a scheme has invalid options, which its own validation reports.</summary>
    public bool HasInvalidScheme { get; set; }
}

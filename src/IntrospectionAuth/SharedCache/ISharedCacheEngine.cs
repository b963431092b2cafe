namespace IntrospectionAuth;

/// <summary>A store that the nodes of a fleet share, such as Redis or a database.</summary>
/// <remarks>
/// <para>
/// The handler encrypts every value and hashes every key before an engine sees them. An engine may lose entries at any time: a lost entry
/// costs a call to the authorization server. Every failure is an exception. The handler limits the time of each operation and works
/// without the engine while it fails.
/// </para>
/// <para>An engine is a singleton that is safe for concurrent use. Keys have at most 100 ASCII characters.</para>
/// </remarks>
public interface ISharedCacheEngine
{
    /// <summary>Gets the name of the engine for logs and health checks, such as <c>Redis</c>.</summary>
    string Name { get; }

    /// <summary>Finds a value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The value, or null when there is none.</returns>
    Task<byte[]?> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>Stores a value, in place of an earlier one.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="lifetime">When the engine removes the value, counted from now; at least 1 millisecond.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>A task that completes when the engine has the value.</returns>
    Task SetAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>Removes a value, if there is one.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>A task that completes when the engine no longer has the value.</returns>
    Task RemoveAsync(string key, CancellationToken cancellationToken);
}

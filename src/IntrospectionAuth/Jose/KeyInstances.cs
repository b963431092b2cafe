using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>
/// A pool of platform objects for one key, at most one for each processor. The platform does not promise that one object can be used by
/// several threads.
/// </summary>
/// <param name="original">The key. It is disposed of together with its copies.</param>
/// <param name="copy">Creates another object for the same key. Calls to it are serialized.</param>
/// <param name="lendsOriginal">Whether the pool lends the original; false when <paramref name="copy"/> reads from it.</param>
internal sealed class KeyInstances<TKey>(TKey original, Func<TKey> copy, bool lendsOriginal) : IDisposable
    where TKey : AsymmetricAlgorithm
{
    private readonly SemaphoreSlim _available = new(Environment.ProcessorCount);
    private readonly Stack<TKey> _idle = lendsOriginal ? new([original]) : [];
    private readonly Lock _lock = new();

    /// <summary>
    /// Takes an object out of the pool for exclusive use. Waits while as many objects are in use as there are processors.
    /// </summary>
    /// <exception cref="CryptographicException">The key cannot be copied.</exception>
    public TKey Rent()
    {
        _available.Wait();
        try
        {
            lock (_lock)
                return _idle.TryPop(out TKey? key) ? key : copy();
        }
        catch
        {
            _available.Release();
            throw;
        }
    }

    public void Return(TKey key)
    {
        lock (_lock)
            _idle.Push(key);
        _available.Release();
    }

    public void Dispose()
    {
        foreach (TKey key in _idle)
            key.Dispose();
        original.Dispose();
        _available.Dispose();
    }
}

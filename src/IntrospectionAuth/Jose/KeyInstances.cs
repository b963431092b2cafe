using System.Security.Cryptography;

namespace IntrospectionAuth.Jose;

/// <summary>
/// One key as several objects of the platform, as many as there are processors: the platform promises nothing about parallel calls on one
/// object, and signatures must not wait for each other.
/// </summary>
/// <typeparam name="TKey">The platform's type.</typeparam>
/// <param name="original">The key. It is disposed of together with its copies.</param>
/// <param name="copy">Makes another object for the same key. It is never called twice at the same time.</param>
/// <param name="lendsOriginal">Whether the original is used like a copy; not where <paramref name="copy"/> reads it, since that is a call
/// like any other.</param>
internal sealed class KeyInstances<TKey>(TKey original, Func<TKey> copy, bool lendsOriginal) : IDisposable
    where TKey : AsymmetricAlgorithm
{
    private readonly SemaphoreSlim _available = new(Environment.ProcessorCount);
    private readonly Stack<TKey> _idle = lendsOriginal ? new([original]) : [];
    private readonly Lock _lock = new();

    /// <summary>
    /// Takes an object that nobody else uses until it is returned. Waits while there are as many users as processors: more would only take
    /// turns.
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

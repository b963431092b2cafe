using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.ClientAuthentication;

/// <summary>A private key in a file, which may be replaced while the application runs.</summary>
/// <param name="path">The file.</param>
/// <param name="setting">The option that names it.</param>
/// <param name="parse">Reads a key from the text of the file; without a key it says what is wrong, as a part of a sentence.</param>
/// <param name="noteNotReplaced">Called with the scheme, the path and the fault when the file has changed, but holds no usable key.</param>
/// <remarks>
/// The file is read again at most every 5 seconds, and only when the authorization server is asked; sooner when the server has refused the key. Its content is compared, not its time: a mounted secret is a
/// link whose own time never changes.
/// </remarks>
internal sealed class KeyFile<TKey>(string path, string setting, Func<string, (TKey? Key, string? Fault)> parse, Action<string, string, string> noteNotReplaced)
    where TKey : class
{
    private const int MaximumLength = 64 * 1024;

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private TKey? _key;
    private byte[] _digest = [];
    private long _readAt;
    private bool _isReading;

    /// <returns>What is wrong with the file, as a part of a sentence; null when it holds a usable key.</returns>
    public string? FindFault() => Parse(ReadText(out string? fault), fault).Fault;

    /// <returns>The key as the file has it now or had it last.</returns>
    /// <exception cref="InvalidOperationException">There has never been a usable key in the file.</exception>
    public ValueTask<TKey> GetAsync(ClientAuthenticationContext context)
    {
        lock (_lock)
        {
            TimeProvider time = context.TimeProvider;
            bool isRefused = context.IsRetryAfterRefusal && ReferenceEquals(_key, context.Credential.Refused);
            bool isDue = _key is null || isRefused || (!_isReading && time.GetElapsedTime(_readAt) >= s_interval);
            if (!isDue)
                return ValueTask.FromResult(_key!);

            _readAt = time.GetTimestamp();
            _isReading = true;
        }

        // A file may lie on a disk that hangs: the calls of that time must not wait for it longer than their timeout, nor hold a lock.
        return new ValueTask<TKey>(Task.Run(() => ReadAgain(context.Scheme), CancellationToken.None).WaitAsync(context.CancellationToken));
    }

    private TKey ReadAgain(string scheme)
    {
        try
        {
            string? text = ReadText(out string? fault);
            return Take(text, fault, scheme);
        }
        finally
        {
            Volatile.Write(ref _isReading, false);
        }
    }

    private TKey Take(string? text, string? readFault, string scheme)
    {
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes(text ?? ""));
        lock (_lock)
        {
            if (_key is not null && digest.AsSpan().SequenceEqual(_digest))
                return _key;

            (TKey? key, string? fault) = Parse(text, readFault);
            if (key is null && _key is null)
                throw new InvalidOperationException($"{setting} does not lead to a usable key: {fault}.");

            _digest = digest; // of the broken file too, so that it is complained of once
            if (key is null)
                noteNotReplaced(scheme, path, fault!);
            return _key = key ?? _key!;
        }
    }

    private (TKey? Key, string? Fault) Parse(string? text, string? readFault) => text is null ? (null, readFault) : parse(text);

    private string? ReadText(out string? fault)
    {
        fault = null;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete); // it hinders nobody who replaces it
            byte[] bytes = new byte[MaximumLength];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            string text = Encoding.UTF8.GetString(bytes, 0, length);
            CryptographicOperations.ZeroMemory(bytes);
            return text;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            fault = exception is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : $"the file cannot be read ({exception.GetType().Name})";
            return null;
        }
    }
}

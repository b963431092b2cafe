using System.Security.Cryptography;
using System.Text;
using IntrospectionAuth.Jose;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.ClientAuthentication;

/// <summary>A private key in a file, which may be replaced while the application runs.</summary>
/// <remarks>
/// The file is read again at most every 5 seconds, and only when the authorization server is asked. Its content is compared, not its time: a mounted secret is a
/// link whose own time never changes.
/// </remarks>
internal sealed class SigningKeyFile(string path, string? algorithm)
{
    private const int MaximumLength = 64 * 1024;

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private ClientSigningKey? _key;
    private byte[] _digest = [];
    private long _readAt;
    private bool _isReading;

    /// <summary>Reads a key that can sign by the algorithm.</summary>
    /// <returns>The key; null with what is wrong, as a part of a sentence.</returns>
    public static ClientSigningKey? Read(string path, string? algorithm, out string? fault) => Parse(ReadText(path, out fault), algorithm, ref fault);

    /// <returns>The key as the file has it now or had it last.</returns>
    /// <exception cref="InvalidOperationException">There has never been a usable key in the file.</exception>
    public ValueTask<ClientSigningKey> GetAsync(ClientAuthenticationContext context, ILogger logger)
    {
        lock (_lock)
        {
            TimeProvider time = context.TimeProvider;
            bool isDue = _key is null || (!_isReading && time.GetElapsedTime(_readAt) >= s_interval);
            if (!isDue)
                return ValueTask.FromResult(_key!);

            _readAt = time.GetTimestamp();
            _isReading = true;
        }

        // A file may lie on a disk that hangs: the calls of that time must not wait for it longer than their timeout, nor hold a lock.
        return new ValueTask<ClientSigningKey>(Task.Run(() => ReadAgain(context.Scheme, logger), CancellationToken.None).WaitAsync(context.CancellationToken));
    }

    private ClientSigningKey ReadAgain(string scheme, ILogger logger)
    {
        try
        {
            string? text = ReadText(path, out string? fault);
            return Take(text, fault, scheme, logger);
        }
        finally
        {
            Volatile.Write(ref _isReading, false);
        }
    }

    private ClientSigningKey Take(string? text, string? fault, string scheme, ILogger logger)
    {
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes(text ?? ""));
        lock (_lock)
        {
            if (_key is not null && digest.AsSpan().SequenceEqual(_digest))
                return _key;

            ClientSigningKey? key = Parse(text, algorithm, ref fault);
            if (key is null && _key is null)
                throw new InvalidOperationException($"SigningKeyPath does not lead to a usable key: {fault}.");

            _digest = digest; // of the broken file too, so that it is complained of once
            if (key is null)
                logger.SigningKeyNotReplaced(scheme, path, fault!);
            return _key = key ?? _key!;
        }
    }

    private static string? ReadText(string path, out string? fault)
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

    private static ClientSigningKey? Parse(string? text, string? algorithm, ref string? fault)
    {
        if (text is null)
            return null;

        if (PemKeyReader.Read(text, out string? keyFault) is not { } key)
        {
            fault = $"its content {keyFault}";
            return null;
        }

        if (string.IsNullOrEmpty(algorithm) || key.Algorithms.Any(it => it.Name == algorithm))
            return ClientSigningKey.FromPem(text);

        fault = $"the key cannot sign by SigningAlgorithm. It goes with {string.Join(", ", key.Algorithms.Select(static it => it.Name))}";
        return null;
    }
}

using System.Security.Cryptography;
using System.Text;

namespace IntrospectionAuth.Certificates;

/// <summary>
/// A key or certificate in a file, or in two files that belong together. The files may be replaced while the application runs.
/// </summary>
/// <param name="files">The files.</param>
/// <param name="parse">Parses the contents, in the order of the files, to a value or a fault: a sentence without a full stop.</param>
/// <param name="noteNotReplaced">Called with the scheme and the fault when the content has changed and is not usable.</param>
/// <remarks>
/// The files are read again when the value is used, at most every 5 seconds, or at once after the authorization server has refused the
/// value. Their content is compared and not their time, because a mounted secret is a link whose time never changes. Nothing is read or
/// parsed under a lock, and at most one read is in progress: a disk that hangs occupies one thread, and delays each call at most by <see
/// cref="MaximumWait"/>.
/// </remarks>
internal sealed class WatchedFile<T>(
    IReadOnlyList<WatchedPath> files,
    Func<byte[][], (T? Value, string? Fault)> parse,
    Action<string, string> noteNotReplaced
) : IDisposable
    where T : class
{
    private const int MaximumLength = 256 * 1024;

    /// <summary>How long a call waits for a new value if it has a usable one.</summary>
    internal static readonly TimeSpan MaximumWait = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private T? _value;
    private byte[] _digest = [];
    private long _readAt; // timestamp
    private Task<T>? _reading;

    /// <returns>What is wrong with the files, as a sentence without a full stop; null when they contain a usable value.</returns>
    public string? FindFault()
    {
        (T? value, string? fault) = Read(null, out _);
        (value as IDisposable)?.Dispose();
        return fault;
    }

    /// <summary>Gets the current value, or the last usable one.</summary>
    /// <param name="scheme">The scheme, for the log.</param>
    /// <param name="time">The clock.</param>
    /// <param name="refused">The value that the server has refused, after which the files are read at once.</param>
    /// <param name="cancellationToken">Cancelled at the timeout of the call.</param>
    /// <exception cref="InvalidOperationException">The files have never contained a usable value.</exception>
    public ValueTask<T> GetAsync(string scheme, TimeProvider time, object? refused, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            T? usable = ReferenceEquals(_value, refused) ? null : _value;
            bool isReading = _reading is { IsCompleted: false };
            if (usable is null)
            {
                return new ValueTask<T>(
                    isReading
                        ? WaitAndReadAsync(_reading!, scheme, time, refused, cancellationToken)
                        : Begin(scheme, time).WaitAsync(cancellationToken)
                );
            }

            if (isReading || time.GetElapsedTime(_readAt) < s_interval)
                return ValueTask.FromResult(usable);

            return new ValueTask<T>(WaitBrieflyAsync(Begin(scheme, time), usable, time, cancellationToken));
        }
    }

    public void Dispose() => (_value as IDisposable)?.Dispose();

    /// <summary>A read that began before the server refused the value may have missed the change.</summary>
    private async Task<T> WaitAndReadAsync(
        Task<T> earlier,
        string scheme,
        TimeProvider time,
        object? refused,
        CancellationToken cancellationToken
    )
    {
        T value = await earlier.WaitAsync(cancellationToken);
        if (!ReferenceEquals(value, refused))
            return value;

        Task<T> reading;
        lock (_lock)
            reading = _reading is { IsCompleted: false } another ? another : Begin(scheme, time);
        return await reading.WaitAsync(cancellationToken);
    }

    private static async Task<T> WaitBrieflyAsync(Task<T> reading, T usable, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await reading.WaitAsync(MaximumWait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return usable;
        }
    }

    /// <summary>Starts a read. The caller holds the lock.</summary>
    private Task<T> Begin(string scheme, TimeProvider time)
    {
        _readAt = time.GetTimestamp();
        _reading = Task.Run(() => ReadAgain(scheme), CancellationToken.None);
        _ = _reading.ContinueWith(
            static abandoned => _ = abandoned.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default
        );
        return _reading;
    }

    private T ReadAgain(string scheme)
    {
        // These are written by the only read in progress
        (T? value, string? fault) = Read(_value is null ? null : _digest, out byte[] digest);
        if (value is null && fault is null)
            return _value!;
        if (value is null && _value is null)
            throw new InvalidOperationException(fault + ".");

        lock (_lock)
        {
            _digest = digest; // also of an unusable file, so that it is logged once
            _value = value ?? _value!;
        }

        if (fault is not null)
            noteNotReplaced(scheme, fault);
        return _value;
    }

    /// <returns>A value or a fault; neither when the content has the known digest.</returns>
    private (T? Value, string? Fault) Read(byte[]? known, out byte[] digest)
    {
        (T? Value, string? Fault) result = ReadOnce(known, out digest);
        if (result.Fault is null || files.Count == 1)
            return result;

        // The files may have been replaced between the two reads, for example when an orchestrator swaps a folder.
        return ReadOnce(known, out digest);
    }

    private (T? Value, string? Fault) ReadOnce(byte[]? known, out byte[] digest)
    {
        byte[][] contents = new byte[files.Count][];
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (int i = 0; i < contents.Length; i++)
            {
                (byte[]? content, string? reason) = ReadContent(files[i].Path);
                if (content is null)
                {
                    string fault = files[i].Describe(reason!);
                    digest = SHA256.HashData(Encoding.UTF8.GetBytes(fault));
                    return known is not null && digest.AsSpan().SequenceEqual(known) ? default : (null, fault);
                }

                contents[i] = content;
                hash.AppendData(SHA256.HashData(content));
            }

            digest = hash.GetHashAndReset();
            return known is not null && digest.AsSpan().SequenceEqual(known) ? default : parse(contents);
        }
        finally
        {
            foreach (byte[]? content in contents)
                CryptographicOperations.ZeroMemory(content);
        }
    }

    private static (byte[]? Content, string? Reason) ReadContent(string path)
    {
        byte[] buffer = new byte[MaximumLength + 1];
        try
        {
            // The share mode allows replacing the file during the read.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            int length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length switch
            {
                0 => (null, "the file is empty"),
                > MaximumLength => (null, $"the file is longer than {MaximumLength / 1024} KiB"),
                _ => (buffer[..length], null),
            };
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return (
                null,
                exception switch
                {
                    FileNotFoundException or DirectoryNotFoundException => "there is no such file",
                    UnauthorizedAccessException when Directory.Exists(path) => "it is a folder",
                    UnauthorizedAccessException => "this process may not read the file",
                    _ => $"the file cannot be read ({exception.GetType().Name})",
                }
            );
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }
}

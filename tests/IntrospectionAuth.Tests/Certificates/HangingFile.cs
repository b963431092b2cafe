using System.Diagnostics;
using IntrospectionAuth.Tests.Claims;

namespace IntrospectionAuth.Tests.Certificates;

/// <summary>A named pipe whose reader waits until the test writes its content, like a file on a disk that hangs.</summary>
internal sealed class HangingFile(string path) : IDisposable
{
    private readonly Lazy<Task<FileStream>> _opened = new(() =>
        Task.Run(() => new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
    );

    public static HangingFile Replace(string path)
    {
        File.Delete(path);
        using Process process = Process.Start("mkfifo", path);
        process.WaitForExit();
        return new HangingFile(path);
    }

    /// <summary>Waits until a reader opens the file.</summary>
    public Task IsReadAsync() => _opened.Value.WaitAsync(TimeSpan.FromSeconds(30)); // completes when the reader opens the pipe

    /// <summary>Writes the content and deletes the pipe, unless another file has already replaced it.</summary>
    public void Write(byte[] content, bool keepPath = false)
    {
        FileStream file = _opened.Value.GetAwaiter().GetResult();
        if (!keepPath)
            File.Delete(path);
        file.Write(content);
        file.Dispose();
    }

    public void Dispose()
    {
        if (_opened is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            _opened.Value.Result.Dispose();
    }
}

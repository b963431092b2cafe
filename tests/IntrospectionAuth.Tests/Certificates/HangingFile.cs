using System.Diagnostics;
using IntrospectionAuth.Tests.Claims;

namespace IntrospectionAuth.Tests.Certificates;

/// <summary>A file whose reader waits until the test says what is in it, as on a disk that hangs: a named pipe.</summary>
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

    /// <summary>Waits until somebody reads.</summary>
    public Task IsReadAsync() => _opened.Value.WaitAsync(TimeSpan.FromSeconds(30)); // it opens when the other end does

    /// <summary>Lets the reader have its content. The pipe is gone then, unless something else is in its place already.</summary>
    public void Answer(byte[] content, bool keepPath = false)
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

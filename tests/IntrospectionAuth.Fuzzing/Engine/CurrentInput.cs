using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;

namespace IntrospectionAuth.Fuzzing.Engine;

/// <summary>
/// The input of the execution in progress, in a file that outlives the process: a stack overflow ends it without an exception. A thread
/// watches for an execution that does not end.
/// </summary>
internal sealed class CurrentInput : IDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(20);

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly CancellationTokenSource _stopping = new();
    private readonly byte[] _length = new byte[4];
    private long _executions;

    public CurrentInput(string path, int maximumLength)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, mapName: null, maximumLength + _length.Length);
        _view = _file.CreateViewAccessor();
        new Thread(Watch) { IsBackground = true }.Start();
    }

    public void Set(byte[] input)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_length, input.Length);
        _view.WriteArray(0, _length, 0, _length.Length);
        _view.WriteArray(_length.Length, input, 0, input.Length);
        Volatile.Write(ref _executions, _executions + 1);
    }

    /// <returns>The input that a process had when it ended; null when it ended between two.</returns>
    public static byte[]? Recover(string path)
    {
        byte[] file = File.Exists(path) ? File.ReadAllBytes(path) : [];
        int length = file.Length < 4 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(file);
        return length > 0 && length <= file.Length - 4 ? file[4..(4 + length)] : null;
    }

    public void Dispose()
    {
        _stopping.Cancel();
        Set([]);
        _view.Dispose();
        _file.Dispose();
    }

    private void Watch()
    {
        long last = -1;
        while (!_stopping.Token.WaitHandle.WaitOne(s_longest))
        {
            long now = Volatile.Read(ref _executions);
            if (now == last)
                Environment.FailFast($"An execution takes longer than {s_longest}.");
            last = now;
        }
    }
}

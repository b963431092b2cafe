namespace IntrospectionAuth.Introspection;

/// <summary>Copies the beginning of what is read from another stream.</summary>
internal sealed class RecordingStream(Stream inner, int maximumLength) : Stream
{
    private readonly MemoryStream _copy = new();

    /// <summary>What was read, up to the maximum length.</summary>
    public ReadOnlyMemory<byte> Recorded => _copy.GetBuffer().AsMemory(0, (int)_copy.Length);

    public bool IsTruncated { get; private set; }

    public bool IsAtEnd { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Record(buffer.AsSpan(offset, inner.Read(buffer, offset, count)));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await inner.ReadAsync(buffer, cancellationToken);
        return Record(buffer.Span[..count]);
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private int Record(ReadOnlySpan<byte> read)
    {
        IsAtEnd |= read.IsEmpty;
        int left = maximumLength - (int)_copy.Length;
        IsTruncated |= read.Length > left;
        _copy.Write(read[..Math.Min(read.Length, left)]);
        return read.Length;
    }
}

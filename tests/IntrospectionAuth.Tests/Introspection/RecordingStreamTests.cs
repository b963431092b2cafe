using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.Tests.Introspection;

/// <summary>A stream whose beginning is kept while it is read in pieces.</summary>
public sealed class RecordingStreamTests
{
    [Theory]
    [InlineData(0, 10, 0, false)]
    [InlineData(10, 11, 10, false)]
    [InlineData(10, 10, 10, false)]
    [InlineData(12, 12, 12, false)]
    [InlineData(10, 9, 9, true)]
    [InlineData(10, 5, 5, true)] // two pieces do not fit
    [InlineData(12, 4, 4, true)]
    [InlineData(14, 3, 3, true)]
    public async Task The_beginning_is_kept_and_both_ends_are_noticed(int length, int maximumLength, int kept, bool isTruncated)
    {
        byte[] body = [.. Enumerable.Range(1, length).Select(number => (byte)number)];
        byte[] piece = new byte[4];
        foreach (Func<Stream, ValueTask<int>> read in new[] { ReadAsync, Read })
        {
            await using var stream = new RecordingStream(new MemoryStream(body), maximumLength);
            var all = new List<byte>();
            while (all.Count < length)
            {
                all.AddRange(piece[..await read(stream)]);
                Assert.False(stream.IsAtEnd);
            }

            Assert.Equal((0, true), (await read(stream), stream.IsAtEnd));
            Assert.Equal((0, true), (await read(stream), stream.IsAtEnd));
            Assert.Equal(body, all);
            Assert.Equal(body[..kept], stream.Recorded.ToArray());
            Assert.Equal(isTruncated, stream.IsTruncated);
        }

        ValueTask<int> ReadAsync(Stream stream) => stream.ReadAsync(piece);
        ValueTask<int> Read(Stream stream) => new(stream.Read(piece, 0, piece.Length));
    }

    [Fact]
    public void It_is_read_only_and_its_end_closes_the_response()
    {
        var response = new MemoryStream();
        var stream = new RecordingStream(response, 1);
        Assert.Equal((true, false, false), (stream.CanRead, stream.CanSeek, stream.CanWrite));

        stream.Dispose();

        Assert.False(response.CanRead);
    }
}

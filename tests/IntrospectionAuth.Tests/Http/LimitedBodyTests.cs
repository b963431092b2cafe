using IntrospectionAuth.Http;

namespace IntrospectionAuth.Tests.Http;

/// <summary>A body is read whole, or not at all when it is longer than the limit: with and without a Content-Length.</summary>
public sealed class LimitedBodyTests
{
    public static MatrixTheoryData<int, bool, int> Bodies => new([1, 4095, 4096, 4097, 10_000, 100_000], [true, false], [-1, 0, 1]);

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_is_read_whole_up_to_the_limit(int length, bool hasLength, int spare)
    {
        byte[] body = [.. Enumerable.Range(0, length).Select(static i => (byte)(i % 251))];
        byte[]? expected = spare < 0 ? null : body;
        int limit = length + spare;

        Assert.Equal(expected, await LimitedBody.ReadAsync(Content(), limit, CancellationToken.None));
        Assert.Equal(expected, await LimitedBody.ReadAsync(Content(), limit, static read => read.ToArray(), CancellationToken.None));

        StreamContent Content() => new(hasLength ? new MemoryStream(body) : new Unseekable(body));
    }

    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}

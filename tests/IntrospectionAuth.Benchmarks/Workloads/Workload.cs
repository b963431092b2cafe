using System.Globalization;

namespace IntrospectionAuth.Benchmarks.Workloads;

/// <summary>The tokens that a benchmark sends, and the introspection response about each.</summary>
internal sealed class Workload
{
    private const string Prefix = "Bearer ";
    private const string Filling = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

    private readonly int _members;

    /// <summary>The values of the Authorization header, created in advance.</summary>
    private readonly string[] _headers;

    /// <summary>The random order of the headers, the same in every run.</summary>
    private readonly int[] _order;

    private int _position;

    public Workload(int members = SampleResponse.UsualMembers, int tokenLength = 40, int tokens = 1)
        : this(members, [.. Enumerable.Range(0, tokens).Select(number => Prefix + Token(number, tokenLength))]) { }

    private Workload(int members, string[] headers)
    {
        _members = members;
        _headers = headers;
        _order = [.. Enumerable.Range(0, headers.Length)];
        new Random(7662).Shuffle(_order);
    }

    public IReadOnlyList<string> Headers => _headers;

    /// <summary>The next header in random order; not thread-safe.</summary>
    public string NextHeader()
    {
        int position = _position + 1;
        _position = position == _order.Length ? 0 : position;
        return _headers[_order[_position]];
    }

    /// <summary>A token that starts with its number.</summary>
    public static string Token(int number, int length) =>
        string.Create(
            length,
            number,
            static (text, number) =>
            {
                number.TryFormat(text, out _, "D10", CultureInfo.InvariantCulture);
                for (int i = 10; i < text.Length; i++)
                    text[i] = Filling[((i * 31) + number) & 63];
            }
        );

    /// <summary>A workload of tokens that say themselves what the responses of this one say.</summary>
    public Workload WithTokens(Func<byte[], string> create) =>
        new(_members, [.. _headers.Select(header => Prefix + create(RespondTo(TokenOf(header))))]);

    public byte[] RespondTo(ReadOnlySpan<char> token) =>
        SampleResponse.Write(
            int.Parse(token[..10], NumberStyles.None, CultureInfo.InvariantCulture),
            _members,
            TimeProvider.System.GetUtcNow()
        );

    public static ReadOnlySpan<char> TokenOf(string header) => header.AsSpan(Prefix.Length);
}

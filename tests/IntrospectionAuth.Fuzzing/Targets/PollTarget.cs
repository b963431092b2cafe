using IntrospectionAuth.Fuzzing.Plain;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.SecurityEvents;

namespace IntrospectionAuth.Fuzzing.Targets;

/// <summary>The response of a poll for security event tokens (RFC 8936, section 2.3).</summary>
internal sealed class PollTarget : FuzzTarget
{
    private const int MaximumDepth = 8;

    public override string Name => "poll";

    public override string Purpose => "the response of a poll for security event tokens (RFC 8936)";

    public override int MaximumLength => 1024;

    public override IReadOnlyList<string> Words { get; } =
    ["{\"sets\":{}}", "\"sets\":{\"1\":\"a.b.c\"}", "\"moreAvailable\":true", "\"1\":\"a\"", "\"2\":null"];

    public override void Run(byte[] input)
    {
        Reading<PollResponse> reading = Measure(input, () => PollMessages.Read(input));

        PlainValue? root = PlainJson.Parse(PlainJson.WithoutMark(input), MaximumDepth);
        PlainValue? sets = root is { Kind: PlainKind.Object, HasMemberTwiceAnywhere: false } ? root.Get("sets") : null;
        bool isUsable = sets?.Kind == PlainKind.Object;
        Finding.Unless(reading.Value is null != reading.Fault is null, "neither a response nor a reason");
        if (reading.Value is null && root is { IsUnicode: false })
            return;

        Finding.UnlessEqual(isUsable, reading.Value is not null, "usable");
        Finding.Unless(
            !isUsable || sets!.Members.Select(static it => (it.Name!, it.Value.Text)).SequenceEqual(TokensOf(reading.Value!)),
            "the tokens differ"
        );
    }

    private static IEnumerable<(string Id, string? Token)> TokensOf(PollResponse response) =>
        response.Tokens.Select(static it => (it.Key, it.Value));
}

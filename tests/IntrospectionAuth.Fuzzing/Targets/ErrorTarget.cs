using System.Net.Http.Headers;
using IntrospectionAuth.Fuzzing.Plain;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Fuzzing.Targets;

/// <summary>The body of an error response (RFC 6749, section 5.2; PROTOCOL R2 and X16).</summary>
internal sealed class ErrorTarget : FuzzTarget
{
    private const int MaximumDepth = 32;
    private const int LongestBody = 4096;
    private const int LongestCode = 40;
    private const int TellingLength = 8;
    private const string Secret = "abcdefgh_secret_of_this_api";

    public override string Name => "error";

    public override string Purpose => "an error response (RFC 6749), which may be a verdict about the token";

    public override int MaximumLength => LongestBody + 100;

    public override IReadOnlyList<string> Words { get; } =
    [
        "\"error\":\"unsupported_token_type\"",
        "\"error\":\"invalid_client\"",
        "\"error_description\":",
        "unsupported_token_type",
        "\\u0075",
        "secret_of_this",
        "secret_",
    ];

    public override void Run(byte[] input)
    {
        ErrorResponse error = Measure(input, () => Read(input));

        PlainValue? root = input.Length <= LongestBody ? PlainJson.Parse(PlainJson.WithoutMark(input), MaximumDepth) : null;
        bool isStrict = root is { Kind: PlainKind.Object, HasMemberTwiceAnywhere: false };
        string? text = isStrict ? root!.GetText("error") : null;
        if (error.RejectsTokenType || root is { IsUnicode: true })
            Finding.UnlessEqual(text == "unsupported_token_type", error.RejectsTokenType, "verdict");

        Finding.Unless(error.Code is null || MayBeLogged(error.Code), "a code that no log may show");
        bool hasMark = !ReferenceEquals(PlainJson.WithoutMark(input), input);
        if (text is not null && root!.IsUnicode && !hasMark)
            Finding.UnlessEqual(MayBeLogged(text) ? text : null, error.Code, "code");
    }

    private static ErrorResponse Read(byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return ErrorCodeReader.ReadAsync(content, LongestBody * 2, [Secret, null], CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>A short word that has no eight characters, or all of a shorter word, in common with a secret.</summary>
    private static bool MayBeLogged(string code)
    {
        if (code.Length is 0 or > LongestCode || !code.All(static it => it is (>= 'a' and <= 'z') or '_'))
            return false;

        int length = Math.Min(TellingLength, code.Length);
        return !Enumerable
            .Range(0, code.Length - length + 1)
            .Any(i => Secret.Contains(code.Substring(i, length), StringComparison.Ordinal));
    }
}

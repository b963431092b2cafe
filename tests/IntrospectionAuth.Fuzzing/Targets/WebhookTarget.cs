using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IntrospectionAuth.Fuzzing.Plain;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Webhooks;

namespace IntrospectionAuth.Fuzzing.Targets;

/// <summary>
/// A webhook of WorkOS: the value of its signature header, a line break, its body. An S in the header is the valid signature of the body.
/// </summary>
internal sealed class WebhookTarget : FuzzTarget
{
    private const int MaximumDepth = 64;
    private const int LongestId = 256;
    private const int LongestHeader = 512;

    private static readonly byte[] s_secret = Encoding.ASCII.GetBytes("secret-of-the-endpoint");

    public override string Name => "webhook";

    public override string Purpose => "a webhook of WorkOS and its signature";

    public override int MaximumLength => 1024;

    public override IReadOnlyList<string> Words { get; } =
    [
        "t=1767225600000, v1=S\n",
        "v1=",
        ",t=1",
        "\"event\":\"session.revoked\"",
        "\"event\":\"user.deleted\"",
        "\"event\":\"organization.deleted\"",
        "\"event\":\"organization_membership.updated\"",
        "\"data\":{\"id\":\"a\"}",
        "\"user_id\":\"u\"",
        "\"organization_id\":\"o\"",
        "\"id\":\"\"",
    ];

    public override void Run(byte[] input)
    {
        int end = Array.IndexOf(input, (byte)'\n');
        byte[] body = end < 0 ? [] : input[(end + 1)..];
        string header = Encoding.Latin1.GetString(end < 0 ? input : input[..end]);
        if (header.Length <= LongestHeader)
            header = header.Replace("S", Sign(TimeOf(header) ?? "", body), StringComparison.Ordinal);

        bool isSigned = Measure(input, () => WorkOSSignature.Parse(header)?.FindValid([s_secret], body) is not null);
        Finding.UnlessEqual(IsSigned(header, body), isSigned, "signed");

        Reading<WorkOSEvent> reading = Measure(input, () => WorkOSEvent.Read(body));
        Finding.Unless(reading.Value is null != reading.Fault is null, "neither an event nor a reason");
        PlainValue? root = PlainJson.Parse(PlainJson.WithoutMark(body), MaximumDepth);
        if (reading.Value is null && root is { IsUnicode: false })
            return;

        (string[] Subjects, string[] Sessions, string[] Organizations)? expected = root
            is { Kind: PlainKind.Object, HasMemberTwiceAnywhere: false }
            ? ReadPlainly(root)
            : null;
        Finding.UnlessEqual(expected is not null, reading.Value is not null, "usable");
        if (expected is not { } names || reading.Value?.Tokens is not { } tokens)
            return;
        Finding.Unless(tokens.Subjects.SetEquals(names.Subjects), "subjects");
        Finding.Unless(tokens.Sessions.SetEquals(names.Sessions), "sessions");
        Finding.Unless(tokens.Organizations.SetEquals(names.Organizations), "organizations");
    }

    private static (string[] Subjects, string[] Sessions, string[] Organizations)? ReadPlainly(PlainValue root)
    {
        if (root.GetText("event") is not { Length: > 0 } type)
            return null;
        string[] known = ["session.revoked", "user.deleted", "organization_membership.deleted", "organization_membership.updated"];
        if (!known.Contains(type) && type != "organization.deleted")
            return ([], [], []);
        if (root.Get("data") is not { Kind: PlainKind.Object } data)
            return null;

        string[] ids = ValueOf(data, "id");
        string[] users = ValueOf(data, "user_id");
        string[] organizations = users.Length > 0 ? [] : ValueOf(data, "organization_id");
        (string[] Subjects, string[] Sessions, string[] Organizations) names = type switch
        {
            "session.revoked" => (users, ids, organizations),
            "user.deleted" => (ids, [], []),
            "organization.deleted" => ([], [], ids),
            _ => (users, [], organizations),
        };
        return names.Subjects.Length + names.Sessions.Length + names.Organizations.Length > 0 ? names : null;
    }

    private static string[] ValueOf(PlainValue data, string name) =>
        data.GetText(name) is { Length: > 0 and <= LongestId } value ? [value] : [];

    private static bool IsSigned(string header, byte[] body)
    {
        string[] parts = [.. header.Split(',').Select(static it => it.Trim(' '))];
        string[] hashes = [.. parts.Where(static it => it.StartsWith("v1=", StringComparison.Ordinal)).Select(static it => it[3..])];
        bool isMalformed =
            header.Length > LongestHeader
            || parts.Count(static it => it.StartsWith("t=", StringComparison.Ordinal)) != 1
            || hashes.Any(static it => it.Length != 64 || !it.All(char.IsAsciiHexDigit));
        if (isMalformed || TimeOf(header) is not { } time)
            return false;

        string digits = time.Length <= 15 && time.Length > 0 && time.All(char.IsAsciiDigit) ? time : "x";
        bool isTime = digits == time && long.Parse(time, CultureInfo.InvariantCulture) <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
        return isTime && hashes.Contains(Sign(time, body), StringComparer.OrdinalIgnoreCase);
    }

    private static string? TimeOf(string header) =>
        header
            .Split(',')
            .Select(static it => it.Trim(' '))
            .FirstOrDefault(static it => it.StartsWith("t=", StringComparison.Ordinal))
            ?[2..];

    private static string Sign(string time, byte[] body) =>
        Convert.ToHexString(HMACSHA256.HashData(s_secret, (byte[])[.. Encoding.ASCII.GetBytes(time + "."), .. body]));
}

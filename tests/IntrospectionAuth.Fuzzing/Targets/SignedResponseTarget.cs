using System.Net.Http.Headers;
using System.Text;
using IntrospectionAuth.Discovery;
using IntrospectionAuth.Fuzzing.Plain;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Responses;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Fuzzing.Targets;

/// <summary>A signed introspection response (RFC 9701), as a body.</summary>
internal sealed class SignedResponseTarget : FuzzTarget
{
    private const string Type = "token-introspection+jwt";

    // One level more than the response inside.
    private const int MaximumDepth = 33;

    private static readonly SignedResponseReader s_reader = new(FixedKeys.Services.GetRequiredService<KeySets>());

    public override string Name => "signed-response";

    public override string Purpose => "a signed introspection response (RFC 9701)";

    public override int MaximumLength => 2048;

    public override IReadOnlyList<string> Words { get; } =
    [
        "\"typ\":\"token-introspection+jwt\"",
        "application/token-introspection+jwt",
        "\"alg\":\"ES256\"",
        "\"alg\":\"none\"",
        "\"alg\":\"HS256\"",
        "\"kid\":\"1\"",
        "\"iss\":\"https://as.example\"",
        "\"aud\":\"api\"",
        "\"aud\":[\"api\"]",
        "\"iat\":1767225600",
        "\"iat\":1767225540",
        "\"nbf\":1767225660",
        "\"exp\":1767225601",
        "\"token_introspection\":{\"active\":true}",
        "\"active\":false",
        "\"sub\":\"s\"",
        "\"scope\":\"read\"",
    ];

    /// <summary>A signature is verified.</summary>
    protected override (int Fixed, int PerByte) Time => (20_000, 50);

    public override void Run(byte[] input)
    {
        var message = new JoseInput(input);
        byte[] body = Encoding.Latin1.GetBytes(message.Text);
        BodyReading reading = Measure(input, () => Read(body));
        (byte[]? inner, bool isDoubtful) = ReadPlainly(body, message.IsSigned);

        bool isRead = reading.Response is not null || reading == BodyReading.Inactive;
        Finding.Unless(isRead || reading.Fault is not null || reading.Unavailability is not null, "an unusable response has no reason");
        if (inner is not null && (isRead || !isDoubtful))
            ResponseComparison.Check(inner, reading.Unavailability is null ? reading : BodyReading.InvalidResponse("not verified"), Now);
        else
            Finding.Unless(!isRead, "it is accepted, which the oracle refuses");
    }

    private static BodyReading Read(byte[] body)
    {
        using var request = new HttpRequestMessage();
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/token-introspection+jwt");
        var context = new ClientAuthenticationContext
        {
            Request = request,
            Parameters = new Dictionary<string, string>(StringComparer.Ordinal),
            CancellationToken = CancellationToken.None,
            IntrospectionScheme = new(FixedKeys.Scheme, FixedKeys.Options),
            ServerKeysUrl = FixedKeys.Url,
        };
        return s_reader.ReadAsync(context, content, Now, StringPool.None).GetAwaiter().GetResult();
    }

    /// <summary>X19: signed by the server, of the right type, from it, for this API, and current.</summary>
    /// <returns>The response inside; null when it must be refused.</returns>
    private static (byte[]? Inner, bool IsDoubtful) ReadPlainly(byte[] body, bool? isSigned)
    {
        // Some servers send white space or a byte order mark.
        string text = Encoding.Latin1.GetString(PlainJson.WithoutMark(body)).Trim(' ', '\t', '\r', '\n');
        if (PlainJws.Read(text) is not { } message || !message.HasType(Type) || !message.IsSignedBy(JoseInput.PlainKey, isSigned))
            return default;
        if (PlainJson.Parse(message.Payload, MaximumDepth) is not { Kind: PlainKind.Object, HasMemberTwice: false } claims)
            return default;
        if (claims.GetText("iss") != FixedKeys.Issuer || !HasAudience(claims.Get("aud")))
            return default;

        foreach (string name in (string[])["iat", "nbf", "exp"])
        {
            if (claims.Get(name) is { } value && PlainDate.Read(value, acceptsText: false) is null)
                return default;
        }

        var minute = TimeSpan.FromMinutes(1);
        if (DateOf(claims, "iat") is not { } issuedAt || issuedAt < Now - minute || issuedAt > Now + minute)
            return default;
        if (DateOf(claims, "nbf") > Now + minute || DateOf(claims, "exp") <= Now)
            return default;

        // Names and texts beside the response may be refused where they are not Unicode.
        return claims.Get("token_introspection") is { Kind: PlainKind.Object } inner
            ? (Encoding.UTF8.GetBytes(inner.Raw), !claims.IsUnicode || !message.Header.IsUnicode)
            : default;
    }

    private static bool HasAudience(PlainValue? audience) =>
        audience?.Kind == PlainKind.Array
            ? audience.Items.TrueForAll(static it => it.Kind == PlainKind.String)
                && audience.Items.Exists(static it => it.Text == FixedKeys.ClientId)
            : audience?.Kind == PlainKind.String && audience.Text == FixedKeys.ClientId;

    private static DateTimeOffset? DateOf(PlainValue claims, string name) =>
        claims.Get(name) is { } value ? PlainDate.Read(value, acceptsText: false)?.AddTo(DateTimeOffset.UnixEpoch) : null;
}

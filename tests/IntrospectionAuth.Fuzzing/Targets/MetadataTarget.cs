using IntrospectionAuth.Discovery;
using IntrospectionAuth.Fuzzing.Plain;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Fuzzing.Targets;

/// <summary>The metadata of an authorization server, with the strictest needs.</summary>
internal sealed class MetadataTarget : FuzzTarget
{
    private const int MaximumDepth = 32;
    private const int MostValues = 1000;

    private static readonly OAuthIntrospectionOptions s_options = new() { Authority = "https://as.example" };
    private static readonly OAuthIntrospectionOptions s_local = new() { Authority = "http://localhost:5000" };
    private static readonly OAuthIntrospectionOptions s_plain = new() { Authority = "http://as:8080", RequireHttps = false };

    public override string Name => "metadata";

    public override string Purpose => "the metadata of an authorization server (RFC 8414)";

    public override IReadOnlyList<string> Words { get; } =
    [
        "\"issuer\":\"https://as.example\"",
        "\"issuer\":\"http://localhost:5000\"",
        "\"issuer\":\"http://as:8080\"",
        "\"introspection_endpoint\":\"https://as.example/introspect\"",
        "\"jwks_uri\":\"https://as.example/jwks\"",
        "\"token_endpoint\":\"https://as.example/token\"",
        "\"authorization_endpoint\":\"https://as.example/authorize\"",
        "\"mtls_endpoint_aliases\":{",
        "\"grant_types_supported\":[\"client_credentials\"]",
        "\"scopes_supported\":[\"read\"]",
        "\"code_challenge_methods_supported\":[\"S256\"]",
        "http://localhost/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://as.example/",
        "file:///etc/passwd",
        "https://user@",
        "#fragment",
        "?query",
        "\\\\",
        "%2e%2e/",
    ];

    public override void Run(byte[] input)
    {
        Check(input, s_options);
        Check(input, s_local);
        Check(input, s_plain);
    }

    private void Check(byte[] input, OAuthIntrospectionOptions options)
    {
        Reading<ServerMetadata> reading = Measure(
            input,
            () => MetadataReader.Read(input, options, new MetadataNeeds(Endpoint: true, Keys: true))
        );
        Finding.Unless(reading.Value is null != reading.Fault is null, "neither metadata nor a reason");
        if (reading.Value is not { } metadata)
            return;

        PlainValue? root = PlainJson.Parse(PlainJson.WithoutMark(input), MaximumDepth);
        Finding.Unless(
            root is { Kind: PlainKind.Object, HasMemberTwiceAnywhere: false },
            "it is not a JSON object without repeated members"
        );
        Finding.UnlessEqual(options.Authority, root!.GetText("issuer"), "issuer");

        PlainValue? aliases = root.Get("mtls_endpoint_aliases");
        CheckUrl(root.GetText("introspection_endpoint"), metadata.IntrospectionEndpoint, options, isRequired: true);
        CheckUrl(root.GetText("jwks_uri"), metadata.KeysUrl, options, isRequired: true);
        CheckUrl(aliases?.GetText("introspection_endpoint"), metadata.MtlsIntrospectionEndpoint, options, isRequired: false);
        CheckUrl(root.GetText("token_endpoint"), metadata.TokenEndpoint, options, isRequired: false);
        CheckUrl(aliases?.GetText("token_endpoint"), metadata.MtlsTokenEndpoint, options, isRequired: false);
        CheckUrl(root.GetText("authorization_endpoint"), metadata.Flows.AuthorizationEndpoint, options, isRequired: false);
        CheckList(root.Get("grant_types_supported"), metadata.Flows.GrantTypes, ["authorization_code", "implicit"]);
        CheckList(root.Get("scopes_supported"), metadata.Flows.Scopes, []);
        CheckList(root.Get("code_challenge_methods_supported"), metadata.Flows.CodeChallengeMethods, []);
    }

    /// <summary>
    /// PROTOCOL I3: what is accepted is https, or http on a loopback host if the authorization server is on one, or http where the
    /// application says so; and it has no user information or fragment.
    /// </summary>
    private static void CheckUrl(string? text, Uri? url, OAuthIntrospectionOptions options, bool isRequired)
    {
        Finding.Unless(url is not null || !isRequired, "a required URL is missing");
        if (url is null)
            return;

        Finding.UnlessEqual(text, url.OriginalString, "URL");
        string trimmed = text!.Trim();
        int end = trimmed.IndexOf("://", StringComparison.Ordinal);
        Finding.Unless(end > 0, "an accepted URL has no scheme");
        string scheme = trimmed[..end].ToUpperInvariant();
        string rest = trimmed[(end + 3)..];
        string authority = rest[..(rest.IndexOfAny(['/', '?', '#', '\\']) is >= 0 and var slash ? slash : rest.Length)];

        bool isLocal =
            authority.Split(':')[0].Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || url.DnsSafeHost.StartsWith("127.", StringComparison.Ordinal)
            || url.DnsSafeHost is "::1" or "::ffff:127.0.0.1";
        bool mayBeHttp = !options.RequireHttps || (isLocal && options == s_local);
        Finding.Unless(scheme == "HTTPS" || (scheme == "HTTP" && mayBeHttp), "an accepted URL is not https");

        // An empty user is none.
        string host = authority.StartsWith('@') ? authority[1..] : authority;
        Finding.Unless(host.Length > 0 && !host.Contains('@', StringComparison.Ordinal), "an accepted URL has no host, or a user");
        Finding.Unless(!trimmed.Contains('#', StringComparison.Ordinal) || url.Fragment.Length <= 1, "an accepted URL has a fragment");
    }

    private static void CheckList(PlainValue? value, IReadOnlyList<string> actual, string[] absent)
    {
        IEnumerable<string> expected =
            value?.Kind == PlainKind.Array
                ? value.Items.Take(MostValues).Select(static it => it.Text).OfType<string>().Distinct(StringComparer.Ordinal)
                : absent;
        Finding.Unless(expected.SequenceEqual(actual, StringComparer.Ordinal), "a list differs");
    }
}

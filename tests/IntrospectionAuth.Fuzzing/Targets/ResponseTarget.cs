using IntrospectionAuth.Caching;
using IntrospectionAuth.Claims;
using IntrospectionAuth.Fuzzing.Plain;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Validation;

namespace IntrospectionAuth.Fuzzing.Targets;

/// <summary>The body of an introspection response, up to the decision about its token and the claims.</summary>
internal sealed class ResponseTarget : FuzzTarget
{
    private const string Issuer = "https://as.example";
    private const string Audience = "api";

    private static readonly OAuthIntrospectionOptions s_options = new()
    {
        Authority = Issuer,
        Audiences = { Audience },
        ClaimMappings = { ["realm_access.roles"] = "role", ["roles.*"] = "role" },
    };

    private readonly StringPool _strings = new();

    public override string Name => "response";

    public override string Purpose => "the body of an introspection response (RFC 7662)";

    public override IReadOnlyList<string> Words { get; } =
    [
        "\"active\":true",
        "\"active\":false",
        "\"exp\":1767225601",
        "\"nbf\":1767225605",
        "\"iat\":",
        "\"expires_in\":",
        "\"auth_time\":",
        "253402300799",
        "253402300800",
        "\"iss\":\"https://as.example\"",
        "\"aud\":\"api\"",
        "\"aud\":[\"api\"]",
        "\"scope\":\"read write\"",
        "\"sub\":",
        "\"client_id\":",
        "\"token_type\":\"Bearer\"",
        "\"token_use\":\"access\"",
        "\"token_usage\":",
        "\"typ\":\"at+jwt\"",
        "refresh_token",
        "id_token",
        "\"DPoP\"",
        "\"PoP\"",
        "urn:ietf:params:oauth:token-type:",
        "application/",
        "\"cnf\":{\"jkt\":\"a\"}",
        "\"x5t#S256\":\"b\"",
        "\"realm_access\":{\"roles\":[\"a\"]}",
        "\"roles\":{\"admin\":true}",
    ];

    public override void Run(byte[] input)
    {
        BodyReading reading = Measure(input, () => IntrospectionResponseReader.Read(input, Now, _strings));
        ResponseComparison.Check(input, reading, Now);
        if (reading.Response is { } response)
            Decide(input, response);
    }

    /// <summary>R4 to R7: the decision, and how long the response is cached. The claims are read, too.</summary>
    private void Decide(byte[] input, IntrospectionResponse response)
    {
        var facts = new ResponseFacts(response);
        OAuthIntrospectionFailure? failure = ResponseValidator.Validate(response, facts, s_options, Now);

        bool isAcceptable =
            !(response.ExpiresAt <= Now)
            && !(response.NotBefore > Now.AddSeconds(5))
            && response.Issuer is null or Issuer
            && response.Audiences.Contains(Audience)
            && response.Kind == TokenKind.Access;
        Finding.UnlessEqual(isAcceptable, failure is null, "accepted");

        var entry = new CacheEntry(default, IntrospectionResult.Active(response, Now, serverMaximumAge: null));
        Finding.Unless(!(Freshness.UsableUntil(entry, s_options.Cache) > response.ExpiresAt), "it is cached past its exp (K2)");
        Measure(input, () => PrincipalBuilder.Build(response, new ResponseFacts(response), Name, s_options).Claims.Count());
    }
}

using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using IntrospectionAuth.Jose;
using IntrospectionAuth.Tests.Responses;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.BackChannelLogout;

/// <summary>The requirements of OpenID Connect Back-Channel Logout 1.0 on the recipient of logout tokens, sections 2.4 to 2.8.</summary>
public sealed class ConformanceTests
{
    private static readonly long s_now = ManualTimeProvider.Start.ToUnixTimeSeconds();

    // csharpier-ignore
    private static readonly LogoutRequirement[] s_all =
    [
        new("2.4", "iss is REQUIRED", false, it => it.Claims.Remove("iss")),
        new("2.4", "sub is OPTIONAL", true, it => it.Claims.Remove("sub")),
        new("2.4", "aud is REQUIRED", false, it => it.Claims.Remove("aud")),
        new("2.4", "iat is REQUIRED", false, it => it.Claims.Remove("iat")),
        new("2.4", "exp is REQUIRED", false, it => it.Claims.Remove("exp")),
        new("2.4", "jti is REQUIRED", false, it => it.Claims.Remove("jti")),
        new("2.4", "events is REQUIRED", false, it => it.Claims.Remove("events")),
        new("2.4", "events MUST be an object: an array", false, it => it.Claims["events"] = new JsonArray(LogoutApi.Event)),
        new("2.4", "events MUST be an object: text", false, it => it.Claims["events"] = LogoutApi.Event),
        new("2.4", "events MUST have the member: empty", false, it => it.Claims["events"] = new JsonObject()),
        new("2.4", "events MUST have the member: another", false, it => SetEvents(it, LogoutApi.Event + "s")),
        new("2.4", "events MUST have the member: another case", false, it => SetEvents(it, LogoutApi.Event.ToUpperInvariant())),
        new("2.4", "events MUST have the member: beside another", true, it => it.Claims["events"]!["https://example.com"] = true),
        new("2.4", "the member MUST be an object: null", false, it => SetEvents(it, LogoutApi.Event, null)),
        new("2.4", "the member MUST be an object: true", false, it => SetEvents(it, LogoutApi.Event, true)),
        new("2.4", "the member MUST be an object: text", false, it => SetEvents(it, LogoutApi.Event, "{}")),
        new("2.4", "the member MUST be an object: an array", false, it => SetEvents(it, LogoutApi.Event, new JsonArray())),
        new("2.4", "the member SHOULD be empty: it is not", true, it => SetEvents(it, LogoutApi.Event, new JsonObject { ["x"] = 1 })),
        new("2.4", "sid is OPTIONAL", true, it => it.Claims.Remove("sid")),
        new("2.4", "a sub or a sid MUST be there", false, it => { it.Claims.Remove("sub"); it.Claims.Remove("sid"); }),
        new("2.4", "a nonce MUST NOT be there", false, it => it.Claims["nonce"] = "n"),
        new("2.4", "a nonce MUST NOT be there: null", false, it => it.Claims["nonce"] = null),
        new("2.4", "claims that are not understood MUST be ignored", true, it => it.Claims["x"] = new JsonArray(1, null)),
        new("2.4", "it MUST be signed: alg none", false, it => { it.Header["alg"] = "none"; it.Signature = ""; }),
        new("2.4", "it MUST be signed: no signature", false, it => it.Signature = ""),
        new("2.4", "typ is RECOMMENDED: absent", true, it => it.Header.Remove("typ")),
        new("2.4", "typ is RECOMMENDED: JWT", true, it => it.Header["typ"] = "JWT"),
        new("2.4", "typ is RECOMMENDED: application/logout+jwt", true, it => it.Header["typ"] = "application/logout+jwt"),
        new("2.4", "typ of another kind: an access token", false, it => it.Header["typ"] = "at+jwt"),
        new("2.4", "typ of another kind: a security event", false, it => it.Header["typ"] = "secevent+jwt"),
        new("2.6, step 2", "the signature MUST be the server's: another key", false, it => it.Key = ServerKey.Ec().Pair),
        new("2.6, step 2", "the signature MUST be the server's: a key in the header", false, SignWithOwnKey),
        new("2.6, step 2", "the signature MUST be the server's: other claims", false, it => it.Signature = SignatureOfOtherClaims(it)),
        new("2.6, step 3", "alg MUST NOT be none", false, it => it.Header["alg"] = "none"),
        new("2.6, step 3", "alg as for ID tokens: not symmetric", false, it => it.Header["alg"] = "HS256"),
        new("2.6, step 3", "alg as for ID tokens: unknown", false, it => it.Header["alg"] = "RS257"),
        new("2.6, step 4", "iss MUST be the issuer", false, it => it.Claims["iss"] = "https://other.example.com"),
        new("2.6, step 4", "iss MUST be the issuer: with a slash", false, it => it.Claims["iss"] = $"{it.Claims["iss"]}/"),
        new("2.6, step 4", "aud MUST contain the client", false, it => it.Claims["aud"] = "other"),
        new("2.6, step 4", "aud MUST contain the client: others", false, it => it.Claims["aud"] = new JsonArray("other", "API")),
        new("2.6, step 4", "aud MUST contain the client: an array with it", true, it => it.Claims["aud"] = new JsonArray("other", "api")),
        new("2.6, step 4", "iat in the future", false, it => it.Claims["iat"] = s_now + 3600),
        new("2.6, step 4", "iat long ago", false, it => it.Claims["iat"] = s_now - 7200),
        new("2.6, step 4", "iat is not a number", false, it => it.Claims["iat"] = $"{s_now}"),
        new("2.6, step 4", "the current time MUST be before exp", false, it => it.Claims["exp"] = s_now - 600),
        new("2.6, step 4", "exp is not a number", false, it => it.Claims["exp"] = $"{s_now + 120}"),
        new("2.6, step 5", "sub is a number", false, it => it.Claims["sub"] = 1),
        new("2.6, step 5", "sub is empty", false, it => it.Claims["sub"] = ""),
        new("2.6, step 5", "sid is an array", false, it => it.Claims["sid"] = new JsonArray("s1")),
        new("2.6, step 5", "sid is null", false, it => it.Claims["sid"] = null),
        new("2.6", "a member twice", false, it => it.Payload = it.Claims.ToJsonString()[..^1] + ""","sub":"u1"}"""),
        new("2.6", "claims that are not an object", false, it => it.Payload = "[]"),
        new("2.6", "text that is not Unicode", false, UseLoneSurrogate),
    ];

    public static TheoryData<string, string> Requirements =>
        [.. s_all.Select(it => new TheoryDataRow<string, string>(it.Section, it.Name))];

    [Theory]
    [MemberData(nameof(Requirements))]
    public async Task A_logout_token_takes_effect_exactly_if_it_meets_the_specification(string section, string name)
    {
        LogoutRequirement requirement = s_all.Single(it => it.Section == section && it.Name == name);
        await using LogoutApi api = await LogoutApi.StartAsync();
        await api.UseAsync("u1.s1");
        SignedResponse token = api.CreateToken();
        requirement.Change(token);

        using HttpResponseMessage response = await api.SendAsync(token);

        Assert.Equal(requirement.IsMet ? 200 : 400, (int)response.StatusCode);
        Assert.Equal(requirement.IsMet ? ["u1.s1"] : [], await api.FindRemovedAsync("u1.s1"));
    }

    [Fact] // 2.5: HTTP POST
    public async Task The_request_is_a_POST()
    {
        await using LogoutApi api = await LogoutApi.StartAsync();

        using HttpResponseMessage response = await api.Client.GetAsync($"{LogoutApi.Path}?logout_token={api.CreateToken()}");

        Assert.Equal(405, (int)response.StatusCode);
    }

    [Theory] // 2.5: application/x-www-form-urlencoded, and it must include logout_token
    [InlineData("json", 400)]
    [InlineData("multipart", 400)]
    [InlineData("text", 400)]
    [InlineData("no content type", 400)]
    [InlineData("no logout_token", 400)]
    [InlineData("empty logout_token", 400)]
    [InlineData("two logout_token", 400)]
    [InlineData("in the query", 400)]
    [InlineData("other values, which MUST be ignored", 200)]
    [InlineData("a charset", 200)]
    public async Task The_body_is_a_form_with_one_logout_token(string what, int expected)
    {
        await using LogoutApi api = await LogoutApi.StartAsync();
        await api.UseAsync("u1.s1");
        string token = api.CreateToken().ToString();
        HttpContent content = what switch
        {
            "json" => new StringContent($$"""{"logout_token":"{{token}}"}""", Encoding.UTF8, "application/json"),
            "multipart" => new MultipartFormDataContent { { new StringContent(token), "logout_token" } },
            "text" or "no content type" => new StringContent($"logout_token={token}"),
            "no logout_token" => Form("token=x"),
            "empty logout_token" => Form("logout_token="),
            "two logout_token" => Form($"logout_token={token}&logout_token={token}"),
            "in the query" => Form("x=y"),
            _ => Form($"state=x&logout_token={token}&x="),
        };
        if (what == "no content type")
            content.Headers.ContentType = null;
        else if (what == "a charset")
            content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded; charset=UTF-8");

        using HttpResponseMessage response =
            what == "in the query"
                ? await api.Client.PostAsync($"{LogoutApi.Path}?logout_token={token}", content)
                : await api.PostAsync(content);

        Assert.Equal(expected, (int)response.StatusCode);
        Assert.Equal(expected == 200 ? 1 : 0, (await api.FindRemovedAsync("u1.s1")).Length);
    }

    [Fact] // 2.6, step 1: no key to decrypt with is registered, so an encrypted token is rejected
    public async Task An_encrypted_token_yields_400()
    {
        await using LogoutApi api = await LogoutApi.StartAsync();

        using HttpResponseMessage response = await api.SendAsync("eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkExMjhHQ00ifQ.YQ.YQ.YQ.YQ");

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("is encrypted", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact] // 2.6, step 8
    public async Task A_token_with_a_jti_that_was_received_recently_yields_400()
    {
        await using LogoutApi api = await LogoutApi.StartAsync();
        SignedResponse token = api.CreateToken();
        Assert.Equal(200, await api.GetStatusAsync(token));
        await api.UseAsync("u1.s1");
        token.Claims["sub"] = "u2";

        Assert.Equal(400, await api.GetStatusAsync(token));

        Assert.Empty(await api.FindRemovedAsync("u1.s1"));
    }

    [Theory] // 2.7
    [InlineData("u1", "s1", "u1.s1 u1.s2 u1 u2.s1")]
    [InlineData("u1", null, "u1.s1 u1.s2 u1")]
    [InlineData(null, "s1", "u1.s1 u2.s1")]
    [InlineData("u9", "s9", "")] // A user who is already logged out counts as success.
    [InlineData("U1", "S1", "")]
    public async Task A_logout_removes_the_session_and_the_subject_that_it_names(string? subject, string? session, string removed)
    {
        await using LogoutApi api = await LogoutApi.StartAsync();
        string[] tokens = ["u1.s1", "u1.s2", "u1", "u2.s1", "u2.s2", "u2", "u11.s11"];
        await api.UseAsync(tokens);
        SignedResponse token = api.CreateToken();
        Set(token, "sub", subject);
        Set(token, "sid", session);

        Assert.Equal(200, await api.GetStatusAsync(token));

        Assert.Equal(removed, string.Join(' ', await api.FindRemovedAsync(tokens)));
    }

    [Fact] // 2.8
    public async Task A_logout_that_succeeds_yields_200_that_must_not_be_stored()
    {
        await using LogoutApi api = await LogoutApi.StartAsync();

        using HttpResponseMessage response = await api.SendAsync(api.CreateToken());

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Empty(await response.Content.ReadAsStringAsync());
    }

    [Fact] // 2.8
    public async Task An_invalid_request_yields_400_with_an_OAuth_error_that_must_not_be_stored()
    {
        await using LogoutApi api = await LogoutApi.StartAsync();
        SignedResponse token = api.CreateToken();
        token.Claims["nonce"] = "n";

        using HttpResponseMessage response = await api.SendAsync(token);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(
            """{"error":"invalid_request","error_description":"The nonce is not allowed."}""",
            await response.Content.ReadAsStringAsync()
        );
    }

    [Theory] // 2.8: a logout that failed yields 400 too
    [InlineData("/.well-known/openid-configuration")]
    [InlineData(SignedServer.Jwks)]
    public async Task A_logout_that_cannot_be_verified_yields_400_that_names_the_cause(string missing)
    {
        await using LogoutApi api = await LogoutApi.StartAsync();
        await api.UseAsync("u1.s1");
        api.Server.Http.Remove(missing);

        using HttpResponseMessage response = await api.SendAsync(api.CreateToken());

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(
            """{"error":"temporarily_unavailable","error_description":"The keys of the authorization server cannot be obtained."}""",
            await response.Content.ReadAsStringAsync()
        );
        Assert.Empty(await api.FindRemovedAsync("u1.s1"));
    }

    private static StringContent Form(string text) => new(text, Encoding.UTF8, "application/x-www-form-urlencoded");

    private static void UseLoneSurrogate(SignedResponse token) =>
        token.Payload = token.Claims.ToJsonString().Replace("\"u1\"", "\"\\ud800\"", StringComparison.Ordinal);

    private static void SetEvents(SignedResponse token, string name) => SetEvents(token, name, new JsonObject());

    private static void SetEvents(SignedResponse token, string name, JsonNode? value) =>
        token.Claims["events"] = new JsonObject { [name] = value };

    private static void Set(SignedResponse token, string name, string? value)
    {
        if (value is null)
            token.Claims.Remove(name);
        else
            token.Claims[name] = value;
    }

    private static void SignWithOwnKey(SignedResponse token)
    {
        ServerKey own = ServerKey.Ec();
        token.Key = own.Pair;
        token.Header["jwk"] = own.Jwk();
    }

    private static string SignatureOfOtherClaims(SignedResponse token)
    {
        JsonObject claims = token.Claims;
        token.Claims = (JsonObject)claims.DeepClone();
        token.Claims["sub"] = "u2";
        string signature = token.ToString().Split('.')[2];
        token.Claims = claims;
        return signature;
    }
}

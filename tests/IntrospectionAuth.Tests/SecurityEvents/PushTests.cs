using System.Net;
using System.Text.Json.Nodes;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Responses;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tests.Telemetry;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.SecurityEvents;

/// <summary>
/// What RFC 8417, RFC 8935, SSF 1.0 and CAEP 1.0 require of a receiver to which events are pushed: one row for each rule.
/// </summary>
public sealed class PushTests
{
    private const string Token = "user-1.session-1.org-1";

    private static readonly string s_revoked = SecurityEventApi.Caep + "session-revoked";

    public static TheoryData<string, string, string> Refused =>
        new()
        {
            { "RFC 8417, 2.2: iss is REQUIRED", "iss missing", "invalid_issuer" },
            { "RFC 8417, 2.2: iat is REQUIRED", "iat missing", "invalid_request" },
            { "RFC 8417, 2.2: jti is REQUIRED", "jti missing", "invalid_request" },
            { "RFC 8417, 2.2: jti is a string", "jti number", "invalid_request" },
            { "RFC 8417, 2.2: events is REQUIRED", "events missing", "invalid_request" },
            { "RFC 8417, 2.2: events is an object", "events array", "invalid_request" },
            { "RFC 8417, 2.2: events is an object", "events string", "invalid_request" },
            { "RFC 8417, 2.2: events has an event", "events empty", "invalid_request" },
            { "RFC 8417, 2.2: an event is an object", "event null", "invalid_request" },
            { "RFC 8417, 2.2: an event is an object", "event string", "invalid_request" },
            { "RFC 8417, 2.2: an event is an object", "second event array", "invalid_request" },
            { "RFC 8417, 2.3 and SSF 4.1, explicit typing: typ", "typ missing", "invalid_request" },
            { "RFC 8417, 2.3 and SSF 4.1, explicit typing: typ", "typ JWT", "invalid_request" },
            { "RFC 8417, 4.7: another kind of JWT is no event", "typ at+jwt", "invalid_request" },
            { "RFC 8417, 4.7: another kind of JWT is no event", "typ logout+jwt", "invalid_request" },
            { "RFC 8417, 5.1: an event without signature is refused", "alg none", "invalid_request" },
            { "RFC 8417, 5.1: a key is not a shared secret", "alg HS256", "invalid_key" },
            { "RFC 8935, 2.4: the body is not a SET", "body empty", "invalid_request" },
            { "RFC 8935, 2.4: the body is not a SET", "body JSON", "invalid_request" },
            { "RFC 8935, 2.4: the body is not a SET", "body two tokens", "invalid_request" },
            { "RFC 8935, 2.4: the body is not a SET", "body form", "invalid_request" },
            { "RFC 8935, 2.4: the body is not a SET", "body not ASCII", "invalid_request" },
            { "RFC 8935, 2.4: the body is not a SET", "body too long", "invalid_request" },
            { "RFC 8935, 2.4: the body is not a SET", "claims array", "invalid_request" },
            { "RFC 8935, 2.4: the key is not acceptable", "key unknown", "invalid_key" },
            { "RFC 8935, 2.4: the key is not acceptable", "key forged", "invalid_key" },
            { "RFC 8935, 2.4: the key is not acceptable", "claims modified", "invalid_key" },
            { "RFC 8935, 2.4: the issuer is invalid", "iss other", "invalid_issuer" },
            { "RFC 8935, 2.4: the audience does not match", "aud other", "invalid_audience" },
            { "RFC 8935, 2.4: the audience does not match", "aud missing", "invalid_audience" },
            { "RFC 8935, 2.4: the payload does not conform", "sub_id string", "invalid_request" },
            { "RFC 8935, 2.4: the payload does not conform", "sub_id twice", "invalid_request" },
            { "SSF 3.1: sub_id MUST be used", "sub_id missing", "invalid_request" },
            { "SSF 4.1, subject: sub MUST NOT be present", "sub present", "invalid_request" },
            { "SSF 4.1, exp MUST NOT be used", "exp present", "invalid_request" },
            { "SSF 8.1.5: status is REQUIRED", "stream-updated without status", "invalid_request" },
            { "SSF 8.1.5: status is one of three", "stream-updated with another status", "invalid_request" },
            { "an event of next week", "iat future", "invalid_request" },
            { "an event of last month", "iat old", "invalid_request" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_token_that_breaks_a_rule_removes_nothing_and_yields_400_with_its_code(string rule, string fault, string code)
    {
        Assert.NotEmpty(rule);
        await using SecurityEventApi api = await SecurityEventApi.StartAsync();
        await api.UseAsync(Token);

        using HttpResponseMessage response = await api.PushAsync(Spoil(api, fault));

        await AssertErrorAsync(code, response);
        Assert.Equal("0", await api.FindRemovedAsync(Token));
        using HttpResponseMessage valid = await api.PushAsync(api.Create(s_revoked));
        Assert.Equal(HttpStatusCode.Accepted, valid.StatusCode);
        Assert.Equal("1", await api.FindRemovedAsync(Token));
    }

    [Theory]
    [InlineData("events array", "The events are missing.")]
    [InlineData("event null", "An event is not an object.")]
    [InlineData("sub_id string", "The subject of an event is missing or malformed.")]
    [InlineData("stream-updated without status", "The status of the stream is missing or unknown.")]
    [InlineData("iat old", "The iat is too long ago.")]
    [InlineData("body too long", "The token is too long.")]
    [InlineData("key forged", "None of the authorization server's keys signed the token.")]
    public async Task The_transmitter_and_the_operator_learn_which_rule_a_token_breaks(string fault, string description)
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync();

        using HttpResponseMessage response = await api.PushAsync(Spoil(api, fault));

        JsonNode body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(description, (string?)body["description"]);
        Assert.Contains($"security_events: an event was rejected: {description} Logged", api.Api.Log.Text, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> Accepted =>
        new()
        {
            { "RFC 8417, 2.2: an array of audiences", "aud array", "1" },
            { "RFC 8417, 2.2: several events", "second event", "1" },
            { "RFC 8417, 2.2: claims that are not understood are ignored", "claim more", "1" },
            { "SSF 4.2: fields that are not understood are ignored", "field more", "1" },
            { "SSF 3.1: CAEP and RISC may have a subject in the event", "subject in event", "1" },
            { "SSF 9.3: events about unknown subjects are no errors", "sub_id unknown", "0" },
            { "SSF 4.2: an event of an unknown type is no error", "event unknown", "0" },
            { "RFC 7515, 4.1.9: the full media type", "typ full", "1" },
            { "an event of last week, kept while this API was down", "iat 6 days", "1" },
            { "a line break at the end", "body line", "1" },
        };

    [Theory]
    [MemberData(nameof(Accepted))]
    public async Task A_token_within_the_rules_yields_202_without_a_body(string rule, string variant, string removed)
    {
        Assert.NotEmpty(rule);
        await using SecurityEventApi api = await SecurityEventApi.StartAsync();
        await api.UseAsync(Token);

        using HttpResponseMessage response = await api.PushAsync(Spoil(api, variant));

        await AssertAcceptedAsync(response);
        Assert.Equal(removed, await api.FindRemovedAsync(Token));
    }

    [Theory]
    [InlineData(SecurityEventApi.Caep + "session-revoked", "1")]
    [InlineData(SecurityEventApi.Caep + "token-claims-change", "1")]
    [InlineData(SecurityEventApi.Caep + "credential-change", "1")]
    [InlineData(SecurityEventApi.Risc + "account-disabled", "1")]
    [InlineData(SecurityEventApi.Risc + "account-purged", "1")]
    [InlineData(SecurityEventApi.Risc + "account-credential-change-required", "1")]
    [InlineData(SecurityEventApi.Risc + "credential-compromise", "1")]
    [InlineData(SecurityEventApi.Risc + "sessions-revoked", "1")]
    [InlineData(SecurityEventApi.Risc + "account-enabled", "0")]
    [InlineData(SecurityEventApi.Risc + "session-revoked", "0")]
    [InlineData(SecurityEventApi.Caep + "assurance-level-change", "0")]
    [InlineData(SecurityEventApi.Caep + "device-compliance-change", "0")]
    [InlineData(SecurityEventApi.Ssf + "verification", "0")]
    [InlineData("https://other.example.com/session-revoked", "0")]
    public async Task Events_that_revoke_remove_the_tokens_of_the_subject_and_no_others(string type, string removed)
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync();
        string[] tokens = [Token, "user-2.session-2.org-1"];
        await api.UseAsync(tokens);

        using HttpResponseMessage response = await api.PushAsync(api.Create(type));

        await AssertAcceptedAsync(response);
        Assert.Equal(removed + "0", await api.FindRemovedAsync(tokens));
        if (removed == "1")
            Assert.Contains($"the event {type[(type.LastIndexOf('/') + 1)..]} removed 1 cache", api.Api.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_sent_again_yields_202_and_counts_once()
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync();
        SignedResponse token = api.Create(s_revoked);
        string text = token.ToString();
        using HttpResponseMessage first = await api.PushAsync(text);
        await api.UseAsync(Token);

        using HttpResponseMessage second = await api.PushAsync(text);

        await AssertAcceptedAsync(first);
        await AssertAcceptedAsync(second); // RFC 8935, section 2: a transmitter may repeat what it has sent
        Assert.Equal("0", await api.FindRemovedAsync(Token));
        Assert.Contains("the event other removed nothing: it was received before. Logged", api.Api.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/jwt")]
    [InlineData("application/json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("secevent+jwt")]
    public async Task Another_content_type_yields_415(string? contentType)
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync();
        await api.UseAsync(Token);

        // RFC 8935, section 2.1: Content-Type MUST be application/secevent+jwt.
        using HttpResponseMessage response = await api.PushAsync(api.Create(s_revoked).ToString(), contentType);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("0", await api.FindRemovedAsync(Token));
        Assert.Contains(
            "an event was rejected: The content type is not application/secevent+jwt. Logged",
            api.Api.Log.Text,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(null, "authentication_failed")]
    [InlineData("", "authentication_failed")]
    [InlineData("Bearer", "authentication_failed")]
    [InlineData("Bearer of-the-transmitte", "authentication_failed")]
    [InlineData("Bearer of-the-transmitterr", "authentication_failed")]
    [InlineData("Bearer Of-the-transmitter", "authentication_failed")]
    [InlineData("Bearer of-the-transmitter", null)]
    public async Task The_transmitter_is_authenticated_by_its_authorization_header(string? authorization, string? code)
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync(options =>
            options.Authorization = "Bearer of-the-transmitter"
        );
        await api.UseAsync(Token);

        using HttpResponseMessage response = await api.PushAsync(api.Create(s_revoked).ToString(), authorization: authorization);

        if (code is null)
            await AssertAcceptedAsync(response);
        else
            await AssertErrorAsync(code, response);
        Assert.Equal(code is null ? "1" : "0", await api.FindRemovedAsync(Token));
        Assert.DoesNotContain("of-the-transmitter", api.Api.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(null, "any", null)]
    [InlineData("expected", "expected", null)]
    [InlineData("expected", null, null)]
    [InlineData("expected", "another", "invalid_state")]
    public async Task The_state_of_a_verification_event_is_compared(string? expected, string? state, string? code)
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync(options => options.VerificationState = expected);
        var stream = new JsonObject { ["format"] = "opaque", ["id"] = "stream-1" };
        JsonObject payload = state is null ? [] : new JsonObject { ["state"] = state };

        // SSF 1.0, section 8.1.4.1: the receiver SHALL confirm the state.
        using HttpResponseMessage response = await api.PushAsync(api.Create(SecurityEventApi.Ssf + "verification", stream, payload));

        if (code is null)
            await AssertAcceptedAsync(response);
        else
            await AssertErrorAsync(code, response);
    }

    [Theory]
    [InlineData("enabled")]
    [InlineData("paused")]
    [InlineData("disabled")]
    public async Task A_changed_status_of_the_stream_is_logged(string status)
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync();
        var stream = new JsonObject { ["format"] = "opaque", ["id"] = "stream-1" };
        var payload = new JsonObject { ["status"] = status, ["reason"] = "secret reason" };

        using HttpResponseMessage response = await api.PushAsync(api.Create(SecurityEventApi.Ssf + "stream-updated", stream, payload));

        await AssertAcceptedAsync(response);
        LogEntry entry = Assert.Single(api.Api.Log.Entries, entry => entry.Event.Name == "StreamUpdated");
        Assert.Contains($"to {status}.", entry.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret reason", api.Api.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_cannot_be_obtained_yield_503_so_that_the_event_is_sent_again()
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync();
        await api.UseAsync(Token);
        api.Server.Http.RespondAt(SignedServer.Jwks, 500);
        string text = api.Create(s_revoked).ToString();

        using HttpResponseMessage failed = await api.PushAsync(text);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(10), failed.Headers.RetryAfter?.Delta);
        Assert.Equal("0", await api.FindRemovedAsync(Token));
        Assert.Contains(
            "an event was rejected: The keys of the authorization server cannot be obtained. Logged",
            api.Api.Log.Text,
            StringComparison.Ordinal
        );

        api.Server.PublishKeys(api.Server.Key);
        api.Time.Advance(TimeSpan.FromSeconds(10));
        using HttpResponseMessage repeated = await api.PushAsync(text);
        await AssertAcceptedAsync(repeated);
        Assert.Equal("1", await api.FindRemovedAsync(Token));
    }

    [Trait("Load", "Heavy")]
    [Fact]
    public async Task Ten_thousand_forged_events_remove_nothing_and_fetch_the_keys_once()
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync();
        await api.UseAsync(Token);
        int introspections = api.Server.Introspections;
        string forged = Spoil(api, "key forged"),
            unknown = Spoil(api, "key unknown");

        await Parallel.ForAsync(
            0,
            10_000,
            async (index, _) =>
            {
                using HttpResponseMessage response = await api.PushAsync(index % 2 == 0 ? forged : unknown);
                Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            }
        );

        Assert.Equal(1, api.Server.KeyFetches);
        Assert.Equal(introspections, api.Server.Introspections);
        Assert.Equal("0", await api.FindRemovedAsync(Token));
        Assert.Equal(1, api.Api.Log.Count("EventRejected"));
    }

    [Fact]
    public async Task Another_transmitter_is_accepted_by_its_issuer_and_keys_and_the_server_of_the_scheme_is_not()
    {
        ServerKey key = ServerKey.Rsa("transmitter-1");
        await using SecurityEventApi api = await SecurityEventApi.StartAsync(
            (server, app) =>
            {
                server.Http.PublishText("/transmitter", new JsonObject { ["keys"] = new JsonArray(key.Jwk()) }.ToJsonString());
                app.MapSecurityEvents(options =>
                {
                    options.Audiences.Add(SecurityEventApi.Audience);
                    options.Issuer = "https://transmitter.example.com";
                    options.KeysUrl = server.Url + "/transmitter";
                });
            }
        );
        await api.UseAsync(Token);
        SignedResponse own = api.Create(s_revoked),
            others = api.Create(s_revoked);
        others.Key = key.Pair;
        others.Header["kid"] = key.KeyId;
        others.Header["alg"] = key.Pair.Algorithms[0].Name;
        others.Claims["iss"] = "https://transmitter.example.com";

        using HttpResponseMessage first = await api.PushAsync(own);
        await AssertErrorAsync("invalid_issuer", first);
        own.Claims["iss"] = "https://transmitter.example.com";
        using HttpResponseMessage second = await api.PushAsync(own);
        await AssertErrorAsync("invalid_key", second);
        Assert.Equal("0", await api.FindRemovedAsync(Token));
        using HttpResponseMessage third = await api.PushAsync(others);
        await AssertAcceptedAsync(third);
        Assert.Equal("1", await api.FindRemovedAsync(Token));
        Assert.Equal(0, api.Server.KeyFetches);
    }

    [Fact]
    public async Task Each_event_is_measured_and_logged_once_without_the_subject()
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync();
        using var metrics = new MeasurementRecorder(api.Api.Services);
        await api.UseAsync(Token);
        string[] bodies =
        [
            api.Create(s_revoked).ToString(),
            api.Create("https://secret.example.com").ToString(),
            api.Create(
                    s_revoked,
                    new JsonObject
                    {
                        ["format"] = "jwt_id",
                        ["iss"] = "a",
                        ["jti"] = "secret-jti",
                    }
                )
                .ToString(),
            Spoil(api, "aud other"),
        ];

        foreach (string body in bodies)
            (await api.PushAsync(body)).Dispose();

        Assert.Equal(
            [
                "1 source=security_events type=session-revoked result=removed",
                "1 source=security_events type=other result=ignored",
                "1 source=security_events type=session-revoked result=not_supported",
                "1 source=security_events type=other result=rejected",
            ],
            metrics
                .Of(OAuthIntrospectionTelemetry.PushedEvents)
                .Select(measured => measured.Replace("introspection_auth.event.", "", StringComparison.Ordinal))
        );
        string[] names = ["TokensRevoked", "EventIgnored", "SubjectNotSupported", "EventRejected"];
        Assert.Equal(
            names,
            api.Api.Log.Entries.Select(entry => entry.Event.Name).Where(name => names.Contains(name, StringComparer.Ordinal))
        );
        Assert.DoesNotContain("user-1", api.Api.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", api.Api.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_POST_is_allowed()
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync();

        // RFC 8935, section 2.1.
        await api.Api.AssertStatusAsync(SecurityEventApi.Path, token: null, HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task The_endpoint_has_a_name_for_the_log_of_the_routing()
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync();

        Assert.Contains(
            api.Api.Services.GetRequiredService<EndpointDataSource>().Endpoints,
            endpoint => endpoint.DisplayName == "Security events"
        );
    }

    [Fact]
    public async Task The_endpoint_is_anonymous_even_with_a_fallback_policy()
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync(
            (_, app) => app.MapSecurityEvents(options => options.Audiences.Add(SecurityEventApi.Audience)),
            (_, services) =>
                services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
        );

        using HttpResponseMessage response = await api.PushAsync(api.Create(s_revoked));

        await AssertAcceptedAsync(response);
    }

    [Theory]
    [InlineData("no audience", "MapSecurityEvents: Audiences is empty. Add the aud by which the transmitter names this API.")]
    [InlineData("empty audience", "MapSecurityEvents: Audiences has an empty value.")]
    [InlineData("second audience empty", "MapSecurityEvents: Audiences has an empty value.")]
    [InlineData("no path", "MapSecurityEvents: Path is empty.")]
    [InlineData("empty authorization", "MapSecurityEvents: Authorization is empty. Set a value, or remove it.")]
    [InlineData("another scheme", "MapSecurityEvents: 'Other' is not the name of an introspection scheme. There is: OAuthIntrospection.")]
    [InlineData(
        "another issuer",
        "MapSecurityEvents: Issuer is not the Authority of the scheme OAuthIntrospection. "
            + "Set KeysUrl to the jwks_uri of the transmitter's metadata."
    )]
    [InlineData("plain http", "MapSecurityEvents: KeysUrl is not an absolute https URL.")]
    public async Task A_mistake_stops_the_start_with_a_message_that_names_it(string mistake, string message)
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            SecurityEventApi.StartAsync(
                (_, app) =>
                    app.MapSecurityEvents(options =>
                    {
                        if (mistake != "no audience")
                            options.Audiences.Add(mistake == "empty audience" ? " " : SecurityEventApi.Audience);
                        if (mistake == "second audience empty")
                            options.Audiences.Add("");
                        options.Path = mistake == "no path" ? "" : options.Path;
                        options.Authorization = mistake == "empty authorization" ? "" : null;
                        options.AuthenticationScheme = mistake == "another scheme" ? "Other" : null;
                        options.Issuer = mistake == "another issuer" ? "https://transmitter.example.com" : null;
                        options.KeysUrl = mistake == "plain http" ? "http://transmitter.example.com/jwks" : null;
                    })
            )
        );

        Assert.Equal(message, exception.Message);
    }

    [Fact]
    public async Task A_scheme_without_Authority_needs_the_issuer_and_its_keys()
    {
        await using var server = FakeAuthorizationServer.Create();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            TestApi.StartAsync(
                server,
                new TestApiSetup
                {
                    Services = services => services.AddAuthentication().AddOAuthIntrospection(_ => { }),
                    Endpoints = app => app.MapSecurityEvents(options => options.Audiences.Add(SecurityEventApi.Audience)),
                }
            )
        );

        Assert.Equal(
            "MapSecurityEvents: Issuer is not set, and the scheme OAuthIntrospection has no Authority. Set Issuer and KeysUrl.",
            exception.Message
        );
    }

    private static async Task AssertAcceptedAsync(HttpResponseMessage response)
    {
        // RFC 8935, section 2.2.
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }

    private static async Task AssertErrorAsync(string code, HttpResponseMessage response)
    {
        // RFC 8935, section 2.3: 400, application/json, Content-Language, err and description.
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(["en"], response.Content.Headers.ContentLanguage);
        JsonNode body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(code, (string?)body["err"]);
        Assert.EndsWith(".", (string?)body["description"], StringComparison.Ordinal);
        Assert.Equal(2, body.AsObject().Count);
    }

    private static string Spoil(SecurityEventApi api, string what)
    {
        SignedResponse token = api.Create(s_revoked);
        JsonObject claims = token.Claims;
        long now = api.Time.GetUtcNow().ToUnixTimeSeconds();
        switch (what)
        {
            case "jti number":
                claims["jti"] = 1;
                break;
            case "events array":
                claims["events"] = new JsonArray(s_revoked);
                break;
            case "events string":
                claims["events"] = s_revoked;
                break;
            case "events empty":
                claims["events"] = new JsonObject();
                break;
            case "event null":
                claims["events"] = new JsonObject { [s_revoked] = null };
                break;
            case "event string":
                claims["events"] = new JsonObject { [s_revoked] = "user-1" };
                break;
            case "second event array":
                claims["events"]!["https://other.example.com"] = new JsonArray();
                break;
            case "second event":
                claims["events"]!["https://other.example.com"] = new JsonObject();
                break;
            case "event unknown":
                claims["events"] = new JsonObject { ["https://other.example.com"] = new JsonObject { ["subject"] = 1 } };
                break;
            case "typ missing":
                token.Header.Remove("typ");
                break;
            case "typ JWT" or "typ at+jwt" or "typ logout+jwt":
                token.Header["typ"] = what[4..];
                break;
            case "typ full":
                token.Header["typ"] = "application/secevent+jwt";
                break;
            case "alg none" or "alg HS256":
                token.Header["alg"] = what[4..];
                token.Signature = what == "alg none" ? "" : null;
                break;
            case "body empty":
                return "";
            case "body JSON":
                return claims.ToJsonString();
            case "body two tokens":
                return $"{token}\n{token}";
            case "body form":
                return $"SET={token}";
            case "body not ASCII":
                return $"{token}ü";
            case "body too long":
                claims["more"] = new string('x', 16 * 1024);
                break;
            case "body line":
                return token + "\r\n";
            case "claims array":
                token.Payload = "[]";
                break;
            case "key unknown" or "key forged":
                token.Key = ServerKey.Ec(keyId: null).Pair;
                token.Header["kid"] = what == "key unknown" ? "key-unknown" : "key-1";
                break;
            case "claims modified":
                string[] parts = token.ToString().Split('.');
                claims["sub_id"] = api.Subject("user-2");
                return $"{parts[0]}.{token.ToString().Split('.')[1]}.{parts[2]}";
            case "iss other" or "aud other":
                claims[what[..3]] = "https://other.example.com";
                break;
            case "aud array":
                claims["aud"] = new JsonArray("https://other.example.com", SecurityEventApi.Audience);
                break;
            case "sub_id string":
                claims["sub_id"] = "user-1";
                break;
            case "sub_id twice":
                token.Payload = claims.ToJsonString()[..^1] + $",\"sub_id\":{api.Subject("user-1").ToJsonString()}}}";
                break;
            case "sub_id unknown":
                claims["sub_id"] = api.Subject("user-unknown");
                break;
            case "subject in event":
                claims["events"]![s_revoked]!["subject"] = claims["sub_id"]!.DeepClone();
                claims.Remove("sub_id");
                break;
            case "sub present":
                claims["sub"] = "user-1";
                break;
            case "exp present":
                claims["exp"] = now + 3600;
                break;
            case "stream-updated without status":
                return api.Create(SecurityEventApi.Ssf + "stream-updated").ToString();
            case "stream-updated with another status":
                return api.Create(SecurityEventApi.Ssf + "stream-updated", payload: new JsonObject { ["status"] = "gone" }).ToString();
            case "iat future":
                claims["iat"] = now + (long)TimeSpan.FromDays(7).TotalSeconds;
                break;
            case "iat old":
                claims["iat"] = now - (long)TimeSpan.FromDays(30).TotalSeconds;
                break;
            case "iat 6 days":
                claims["iat"] = now - (long)TimeSpan.FromDays(6).TotalSeconds;
                break;
            case "claim more":
                claims["more"] = new JsonObject { ["a"] = 1 };
                break;
            case "field more":
                claims["events"]![s_revoked]!["more"] = new JsonArray(1);
                claims["sub_id"]!["more"] = "more";
                break;
            default:
                Assert.EndsWith(" missing", what, StringComparison.Ordinal);
                claims.Remove(what[..what.IndexOf(' ', StringComparison.Ordinal)]);
                break;
        }

        return token.ToString();
    }
}

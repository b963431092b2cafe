using System.Net;
using IntrospectionAuth.DPoP;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.DPoP;

/// <summary>Tokens that are bound to a key, with and without a proof (RFC 9449, section 7; PROTOCOL R8, X17).</summary>
public sealed class DPoPTests : IAsyncDisposable
{
    private const string Algorithms = "algs=\"ES256 PS256 PS384 PS512 RS256 RS384 RS512\"";
    private const string InvalidProof =
        $"DPoP error=\"invalid_dpop_proof\", error_description=\"The DPoP proof is not accepted.\", {Algorithms}";
    private const string Url = "http://localhost/me";

    private readonly DPoPClientKey _key = new();
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly ManualTimeProvider _time = new();

    public async ValueTask DisposeAsync()
    {
        _key.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("DPoP {0}")]
    [InlineData("dpop {0}")]
    [InlineData("DPOP   {0}")]
    public async Task A_bound_token_with_its_proof_is_accepted(string authorization)
    {
        await using TestApi api = await StartAsync();
        string token = _server.IssueBoundToken(_key);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/me");
        request.Headers.TryAddWithoutValidation("Authorization", authorization.Replace("{0}", token, StringComparison.Ordinal));
        request.Headers.TryAddWithoutValidation("dpop", _key.Prove("GET", Url, token));

        using HttpResponseMessage response = await api.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("sub=user-1", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(token, Assert.Single(_server.Calls).Token);
        Assert.Null(response.Nonce());
    }

    [Fact]
    public async Task Every_request_needs_its_own_proof_even_for_a_cached_response()
    {
        await using TestApi api = await StartAsync();
        string token = _server.IssueBoundToken(_key);
        string proof = _key.Prove("GET", Url, token);

        using HttpResponseMessage first = await api.Client.PresentAsync("/me", token, proof);
        using HttpResponseMessage again = await api.Client.PresentAsync("/me", token, proof);
        using HttpResponseMessage without = await api.Client.PresentAsync("/me", token);
        using HttpResponseMessage asBearer = await api.GetAsync("/me", token);
        using HttpResponseMessage second = await api.ProveAsync(_key, "/me", token);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [first.StatusCode, second.StatusCode]);
        Assert.Equal(
            [HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized],
            [again.StatusCode, without.StatusCode, asBearer.StatusCode]
        );
        Assert.Equal(InvalidProof, again.Challenges());
        Assert.Equal(InvalidProof, without.Challenges());
        Assert.DoesNotContain(api.Log.Entries, static it => it.Event.Name == "ProofNotShared"); // there is no shared cache
        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task A_bound_token_as_a_bearer_token_is_rejected_with_a_DPoP_challenge()
    {
        await using TestApi api = await StartAsync();
        string token = _server.IssueBoundToken(_key);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/me");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        request.Headers.TryAddWithoutValidation("DPoP", _key.Prove("GET", Url, token)); // without the scheme DPoP the proof is ignored

        using HttpResponseMessage response = await api.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(
            "Bearer error=\"invalid_token\", error_description=\"The access token must be presented with a DPoP "
                + $"proof.\"\nDPoP {Algorithms}",
            response.Challenges()
        );
    }

    [Fact]
    public async Task The_clock_of_a_scheme_that_is_ahead_does_not_make_proofs_of_another_scheme_too_old()
    {
        var ahead = new ManualTimeProvider();
        ahead.Advance(TimeSpan.FromMinutes(10));
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Schemes = ["a", "b"],
                Services = services =>
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection("a", options => options.TimeProvider = ahead)
                        .AddOAuthIntrospection("b", static _ => { }),
                Endpoints = static app =>
                {
                    foreach (string scheme in (string[])["a", "b"])
                    {
                        app.MapGet("/" + scheme, static () => "")
                            .RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = scheme });
                    }
                },
                Time = _time,
            }
        );
        string token = _server.IssueBoundToken(_key);
        string proof = _key.Prove("GET", "http://localhost/b", token);

        using HttpResponseMessage first = await api.ProveAsync(_key, "/a", token, ahead.GetUtcNow());
        using HttpResponseMessage second = await api.Client.PresentAsync("/b", token, proof);
        using HttpResponseMessage again = await api.Client.PresentAsync("/b", token, proof);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
    }

    [Fact]
    public async Task Without_space_for_used_proofs_the_response_is_503_and_an_operator_is_warned()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services.AddSingleton(new UsedProofs(1));
                    services.AddAuthentication().AddOAuthIntrospection();
                },
                Time = _time,
            }
        );
        string token = _server.IssueBoundToken(_key);

        using HttpResponseMessage first = await api.ProveAsync(_key, "/me", token);
        using HttpResponseMessage second = await api.ProveAsync(_key, "/me", token);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (first.StatusCode, second.StatusCode));
        Assert.Equal("5", second.RetryAfter());
        Assert.True(Assert.Single(api.Log.Entries, it => it.Event.Name == "TooManyProofs").Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task A_token_that_is_bound_to_another_key_is_rejected()
    {
        using var thief = new DPoPClientKey();
        await using TestApi api = await StartAsync();
        string token = _server.IssueBoundToken(_key);

        using HttpResponseMessage response = await api.ProveAsync(thief, "/me", token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(
            "DPoP error=\"invalid_token\", error_description=\"The request does not prove possession of the key of the access "
                + $"token.\", {Algorithms}",
            response.Challenges()
        );
    }

    [Theory]
    [InlineData("""{"active":true}""", "The access token is presented with a DPoP proof but is not bound to a key.")]
    [InlineData("""{"active":true,"token_type":"Bearer"}""", "The access token is presented with a DPoP proof but is not bound to a key.")]
    [InlineData("""{"active":true,"cnf":{"x5t#S256":"x"}}""", "The access token is presented with a DPoP proof but is not bound to a key.")]
    [InlineData("""{"active":true,"token_type":"DPoP"}""", "The request does not prove possession of the key of the access token.")]
    [InlineData(
        """{"active":true,"cnf":{"jkt":"KEY","other":"x"}}""",
        "The request does not prove possession of the key of the access token."
    )]
    [InlineData(
        """{"active":true,"cnf":{"jkt":"KEY","x5t#S256":"x"}}""",
        "The request does not prove possession of the key of the access token."
    )]
    [InlineData("""{"active":true,"cnf":{"jkt":"KEY="}}""", "The request does not prove possession of the key of the access token.")]
    [InlineData("""{"active":false,"cnf":{"jkt":"KEY"}}""", "The access token is not active.")]
    public async Task A_proof_does_not_replace_a_cnf_that_the_response_lacks(string body, string description)
    {
        _server.RespondWith(200, body.Replace("KEY", _key.Thumbprint, StringComparison.Ordinal));
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await api.ProveAsync(_key, "/me", "opaque-4711");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal($"DPoP error=\"invalid_token\", error_description=\"{description}\", {Algorithms}", response.Challenges());
    }

    [Fact]
    public async Task An_invalid_proof_costs_no_call()
    {
        await using TestApi api = await StartAsync();
        string token = _server.IssueBoundToken(_key);
        string proof = _key.Prove("GET", Url, token);
        string[][] bad =
        [
            [],
            [""],
            [proof, _key.Prove("GET", Url, token)],
            [$"{proof}, {proof}"],
            [_key.Prove("POST", Url, token)],
            [_key.Prove("GET", "http://localhost/other", token)],
            [_key.Prove("GET", Url, token, ManualTimeProvider.Start.AddMinutes(-2))],
            [_key.Prove("GET", Url, "another token")],
            [_key.Prove("GET", Url, token, header: header => header["jwk"]!["d"] = _key.PrivatePart)],
            [_key.Prove("GET", Url, token, header: header => header["alg"] = "none")],
            [_key.Prove("GET", Url, token, header: header => header["alg"] = "HS256")],
        ];

        foreach (string[] proofs in bad)
        {
            using HttpResponseMessage response = await api.Client.PresentAsync("/me", token, proofs);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal(InvalidProof, response.Challenges());
        }

        Assert.Equal(0, _server.CallCount);
        using HttpResponseMessage good = await api.Client.PresentAsync("/me", token, proof);
        Assert.Equal(HttpStatusCode.OK, good.StatusCode); // the failed requests did not use the proof
    }

    [Fact]
    public async Task A_proof_counts_as_used_only_when_all_other_checks_pass()
    {
        _server.RespondWith(200, $$$"""{"active":true,"cnf":{"jkt":"{{{_key.Thumbprint}}}"}}""");
        await using TestApi api = await StartAsync(options => options.RequiredClaims.Add("org_id"));
        string proof = _key.Prove("GET", Url, "opaque-4711");

        using HttpResponseMessage first = await api.Client.PresentAsync("/me", "opaque-4711", proof);
        using HttpResponseMessage second = await api.Client.PresentAsync("/me", "opaque-4711", proof);

        Assert.Contains("lacks a required claim", first.Challenges(), StringComparison.Ordinal);
        Assert.Equal(first.Challenges(), second.Challenges());
    }

    [Theory]
    [InlineData("DPoP")]
    [InlineData("DPoP ")]
    [InlineData("DPoP a b")]
    [InlineData("dpop \"a\"")]
    public async Task A_malformed_header_is_400(string authorization)
    {
        await using TestApi api = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/me");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);

        using HttpResponseMessage response = await api.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(
            $"DPoP error=\"invalid_request\", error_description=\"The access token is not presented correctly.\", {Algorithms}",
            response.Challenges()
        );
        Assert.Equal(0, _server.CallCount);
    }

    [Fact]
    public async Task The_DPoP_challenge_has_the_parameters_of_a_Bearer_challenge()
    {
        await using TestApi api = await StartAsync(options =>
        {
            (options.Realm, options.Resource, options.IncludeErrorDetails) = ("api", "https://api.example.com", false);
            options.DPoP.Algorithms.Add("ES256");
        });
        string token = _server.IssueBoundToken(_key, "read");
        const string Metadata = "resource_metadata=\"https://api.example.com/.well-known/oauth-protected-resource\"";

        using HttpResponseMessage refused = await api.Client.PresentAsync("/me", token);
        using HttpResponseMessage asBearer = await api.GetAsync("/me", token);
        using HttpResponseMessage forbidden = await api.ProveAsync(_key, "/write", token);

        Assert.Equal($"DPoP realm=\"api\", error=\"invalid_dpop_proof\", algs=\"ES256\", {Metadata}", refused.Challenges());
        Assert.Equal(
            $"Bearer realm=\"api\", error=\"invalid_token\", {Metadata}\nDPoP realm=\"api\", algs=\"ES256\", {Metadata}",
            asBearer.Challenges()
        );
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        Assert.Equal(
            $"DPoP realm=\"api\", error=\"insufficient_scope\", scope=\"write\", algs=\"ES256\", {Metadata}",
            forbidden.Challenges()
        );
    }

    [Fact]
    public async Task A_step_up_challenge_names_the_scheme_of_the_request()
    {
        await using TestApi api = await StartAsync(endpoints: app => app.MapGet("/transfers", () => "").RequireAcr("gold"));
        string token = _server.IssueBoundToken(_key);

        using HttpResponseMessage response = await api.ProveAsync(_key, "/transfers", token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.StartsWith("DPoP error=\"insufficient_user_authentication\"", response.Challenges(), StringComparison.Ordinal);
        Assert.Contains($"acr_values=\"gold\", {Algorithms}", response.Challenges(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_down_yields_503_for_a_valid_proof_too()
    {
        await using TestApi api = await StartAsync();
        _server.Disconnect();

        using HttpResponseMessage response = await api.ProveAsync(_key, "/me", "opaque-4711");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("", response.Challenges());
        Assert.Equal("5", response.RetryAfter());
    }

    [Fact]
    public async Task Events_receive_the_scheme_and_the_token()
    {
        bool? challenged = null,
            forbidden = null;
        string? validated = null;
        await using TestApi api = await StartAsync(options =>
        {
            options.SaveToken = true;
            options.Events.OnTokenValidated = context =>
            {
                validated = context.Token;
                return Task.CompletedTask;
            };
            options.Events.OnChallenge = context =>
            {
                challenged = context.UsesDPoP;
                return Task.CompletedTask;
            };
            options.Events.OnForbidden = context =>
            {
                forbidden = context.UsesDPoP;
                return Task.CompletedTask;
            };
        });
        string token = _server.IssueBoundToken(_key);

        using HttpResponseMessage first = await api.ProveAsync(_key, "/read", token);
        using HttpResponseMessage second = await api.Client.PresentAsync("/read", token);

        Assert.Equal((token, true, true), (validated, challenged, forbidden));
    }

    [Fact]
    public async Task Two_schemes_may_accept_the_same_proof_once_each()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication("a").AddOAuthIntrospection("a").AddOAuthIntrospection("b"),
                Schemes = ["a", "b"],
                Time = _time,
                Endpoints = app =>
                    app.MapGet("/both", (HttpContext context) => context.User.Identities.Count(identity => identity.IsAuthenticated))
                        .RequireAuthorization(policy => policy.AddAuthenticationSchemes("a", "b").RequireAuthenticatedUser()),
            }
        );
        string token = _server.IssueBoundToken(_key);
        string proof = _key.Prove("GET", "http://localhost/both", token);

        using HttpResponseMessage first = await api.Client.PresentAsync("/both", token, proof);
        using HttpResponseMessage second = await api.Client.PresentAsync("/both", token, proof);

        Assert.Equal("2", await first.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, second.StatusCode);
    }

    [Fact]
    public async Task A_selector_and_a_filter_apply_to_DPoP_tokens()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                    services
                        .AddAuthentication("selector")
                        .AddBearerSelector("selector", selector => selector.ForwardPrefix("acme_", "acme").DefaultScheme = "other")
                        .AddOAuthIntrospection("acme")
                        .AddOAuthIntrospection("other", options => options.TokenFilter.Prefixes.Add("other_")),
                Schemes = ["acme", "other"],
                Time = _time,
            }
        );
        string token = _server.IssueToken(it =>
        {
            it.Value = "acme_4711";
            it.Members["cnf"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["jkt"] = _key.Thumbprint };
        });

        using HttpResponseMessage chosen = await api.ProveAsync(_key, "/me", token);
        using HttpResponseMessage foreign = await api.ProveAsync(_key, "/me", "foreign_4711");

        Assert.Equal(HttpStatusCode.OK, chosen.StatusCode);
        Assert.StartsWith(
            "DPoP error=\"invalid_token\", error_description=\"The access token is not in a format",
            foreign.Challenges(),
            StringComparison.Ordinal
        );
        Assert.Equal(1, _server.CallCount);
    }

    // X16
    [Fact]
    public async Task No_log_line_contains_the_proof_its_jti_or_its_key()
    {
        await using TestApi api = await StartAsync();
        string token = _server.IssueBoundToken(_key);
        string proof = _key.Prove("GET", Url, token, claims => claims["jti"] = "the-id-of-the-proof");

        using HttpResponseMessage accepted = await api.Client.PresentAsync("/me", token, proof);
        using HttpResponseMessage replayed = await api.Client.PresentAsync("/me", token, proof);

        Assert.Equal(HttpStatusCode.Unauthorized, replayed.StatusCode);
        Assert.Contains(
            api.Log.Entries,
            entry => entry.Event.Name == "NotAuthenticated" && entry.Text.Contains("a proof that was used before", StringComparison.Ordinal)
        );
        foreach (string secret in (string[])[.. proof.Split('.'), "the-id-of-the-proof", _key.Thumbprint, _key.X])
            Assert.DoesNotContain(secret, api.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_anonymous_endpoint_accepts_a_request_with_an_invalid_proof()
    {
        await using TestApi api = await StartAsync();

        using HttpResponseMessage response = await api.Client.PresentAsync("/public", "opaque-4711");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private Task<TestApi> StartAsync(Action<OAuthIntrospectionOptions>? configure = null, Action<WebApplication>? endpoints = null) =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication().AddOAuthIntrospection(options => configure?.Invoke(options)),
                Time = _time,
                Endpoints = endpoints,
            }
        );
}

using System.Net;
using System.Security.Claims;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Claims;
using IntrospectionAuth.Tests.DPoP;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests;

/// <summary>Introspection outside a request: the same cache and checks, and a principal or a reason as result.</summary>
public sealed class OAuthIntrospectorTests : IAsyncDisposable
{
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly ManualTimeProvider _time = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_principal_equals_that_of_a_request_and_both_share_one_call()
    {
        await using TestApi api = await TestApi.StartAsync(_server, options => options.SaveToken = true);
        string token = _server.IssueToken(it =>
        {
            it.Subject = "user-7";
            it.Scopes = ["read", "write"];
            it.OrganizationId = "org-1";
        });

        AuthenticateResult ofRequest = await api.AuthenticateAsync(token);
        OAuthIntrospectionResult result = await IntrospectorOf(api).IntrospectAsync(token);

        Assert.True(result.Succeeded);
        Assert.Null(result.Failure);
        Assert.True(result.IsFromCache);
        Assert.Equal(Describe(ofRequest.Principal!), Describe(result.Principal));
        Assert.Equal(ofRequest.Properties!.Items, result.Ticket.Properties.Items);
        Assert.Equal(token, result.Ticket.Properties.GetTokenValue("access_token"));
        Assert.Equal("OAuthIntrospection", result.Ticket.AuthenticationScheme);
        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task A_response_that_it_obtains_serves_requests()
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        string token = _server.IssueToken("read");

        OAuthIntrospectionResult first = await IntrospectorOf(api).IntrospectAsync(token);
        using HttpResponseMessage response = await api.GetAsync("/read", token);

        Assert.False(first.IsFromCache);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, _server.CallCount);
    }

    [Theory]
    [InlineData("""{"active":false}""", OAuthIntrospectionFailure.Inactive)]
    [InlineData("""{"active":true,"exp":1767225600}""", OAuthIntrospectionFailure.Expired)] // the clock's start, to the second
    [InlineData("""{"active":true,"nbf":1767226600}""", OAuthIntrospectionFailure.NotYetValid)]
    [InlineData("""{"active":true,"iss":"https://other.example","aud":"api"}""", OAuthIntrospectionFailure.WrongIssuer)]
    [InlineData("""{"active":true,"iss":"https://as.example","aud":"other"}""", OAuthIntrospectionFailure.WrongAudience)]
    [InlineData("""{"active":true,"iss":"https://as.example"}""", OAuthIntrospectionFailure.WrongAudience)]
    [InlineData(
        """{"active":true,"iss":"https://as.example","aud":"api","token_type":"refresh_token"}""",
        OAuthIntrospectionFailure.WrongTokenType
    )]
    [InlineData("""{"active":true,"iss":"https://as.example","aud":"api"}""", OAuthIntrospectionFailure.MissingRequiredClaim)]
    [InlineData(
        """{"active":true,"iss":"https://as.example","aud":"api","org_id":"o","cnf":{"jkt":"k"}}""",
        OAuthIntrospectionFailure.BindingNotProved
    )]
    [InlineData(
        """{"active":true,"iss":"https://as.example","aud":"api","org_id":"o","cnf":{"x5t#S256":"k"}}""",
        OAuthIntrospectionFailure.BindingNotProved
    )]
    [InlineData(
        """{"active":true,"iss":"https://as.example","aud":"api","org_id":"o","cnf":{"new":"k"}}""",
        OAuthIntrospectionFailure.BindingNotProved
    )]
    [InlineData(
        """{"active":true,"iss":"https://as.example","aud":"api","org_id":"o","token_type":"DPoP"}""",
        OAuthIntrospectionFailure.BindingNotProved
    )]
    public async Task Every_check_of_a_request_runs_cached_or_not(string response, OAuthIntrospectionFailure failure)
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
            {
                options.ValidIssuers.Add("https://as.example");
                options.Audiences.Add("api");
                options.RequiredClaims.Add("org_id");
            },
            _time
        );
        _server.RespondWith(200, response);

        OAuthIntrospectionResult cold = await IntrospectorOf(api).IntrospectAsync("token");
        OAuthIntrospectionResult warm = await IntrospectorOf(api).IntrospectAsync("token");

        Assert.All(
            [cold, warm],
            result =>
            {
                Assert.False(result.Succeeded);
                Assert.Null(result.Principal);
                Assert.Null(result.RetryAfter);
                Assert.Equal(failure, result.Failure);
                Assert.Equal(ManualTimeProvider.Start, result.ObtainedAt);
            }
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("Bearer abc")]
    [InlineData("a,b")]
    [InlineData("abc\n")]
    [InlineData("ab\0c")]
    [InlineData("\u00e9")]
    [InlineData("0123456789-0123456789")]
    public async Task A_malformed_token_is_rejected_without_a_call(string token)
    {
        await using TestApi api = await TestApi.StartAsync(_server, options => options.MaximumTokenLength = 20);

        OAuthIntrospectionResult result = await IntrospectorOf(api).IntrospectAsync(token);

        Assert.Equal(OAuthIntrospectionFailure.MalformedRequest, result.Failure);
        Assert.Null(result.ObtainedAt);
        Assert.Equal(0, _server.CallCount);
    }

    [Theory]
    [InlineData(TokenFilterMismatch.Reject)]
    [InlineData(TokenFilterMismatch.Ignore)]
    public async Task A_token_that_the_filter_does_not_accept_is_rejected_without_a_call(TokenFilterMismatch mismatch)
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
            {
                options.TokenFilter.Prefixes.Add("at_");
                options.TokenFilter.Mismatch = mismatch;
            }
        );

        Assert.Equal(OAuthIntrospectionFailure.ForeignToken, (await IntrospectorOf(api).IntrospectAsync("other")).Failure);
        Assert.Equal(0, _server.CallCount);
    }

    [Fact]
    public async Task An_introspection_response_is_not_accepted_as_a_token()
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        // {"alg":"RS256","typ":"token-introspection+jwt"}
        const string Header = "eyJhbGciOiJSUzI1NiIsInR5cCI6InRva2VuLWludHJvc3BlY3Rpb24rand0In0";

        Assert.Equal(OAuthIntrospectionFailure.WrongTokenType, (await IntrospectorOf(api).IntrospectAsync(Header + ".e30.c2ln")).Failure);
        Assert.Equal(0, _server.CallCount);
    }

    [Fact]
    public async Task With_required_DPoP_no_token_is_accepted_or_sent()
    {
        await using TestApi api = await TestApi.StartAsync(_server, options => options.RequireDPoP = true);

        Assert.Equal(
            OAuthIntrospectionFailure.BindingNotProved,
            (await IntrospectorOf(api).IntrospectAsync(_server.IssueToken("read"))).Failure
        );
        Assert.Equal(0, _server.CallCount);
    }

    [Theory]
    [InlineData(null, OAuthIntrospectionFailure.NotBound)]
    [InlineData("""{ "x5t#S256": "a" }""", OAuthIntrospectionFailure.NotBound)]
    [InlineData("""{ "jkt": "a" }""", OAuthIntrospectionFailure.BindingNotProved)]
    [InlineData("""{ "kid": "a" }""", OAuthIntrospectionFailure.BindingNotProved)]
    public async Task To_explain_a_token_it_is_introspected_although_no_request_has_a_proof(string? cnf, OAuthIntrospectionFailure failure)
    {
        await using TestApi api = await TestApi.StartAsync(_server, options => options.RequireDPoP = true);
        string token = _server.IssueToken(it => it.Members["cnf"] = cnf is null ? FakeJson.Absent : new FakeJson(cnf));
        const string Scheme = OAuthIntrospectionDefaults.AuthenticationScheme;

        OAuthIntrospectionResult bound = await IntrospectorOf(api).ExplainAsync(token, Scheme, CancellationToken.None);
        _server.Revoke(token);
        OAuthIntrospectionResult revoked = await IntrospectorOf(api).ExplainAsync(token, Scheme, CancellationToken.None);

        Assert.Equal((failure, OAuthIntrospectionFailure.Inactive, 2), (bound.Failure, revoked.Failure, _server.CallCount));
    }

    [Fact]
    public async Task A_bound_token_is_rejected_even_after_a_request_proved_possession()
    {
        using var key = new DPoPClientKey();
        await using TestApi api = await TestApi.StartAsync(_server, time: _time);
        string token = _server.IssueBoundToken(key);
        using HttpResponseMessage proved = await api.ProveAsync(key, "/me", token);

        OAuthIntrospectionResult result = await IntrospectorOf(api).IntrospectAsync(token);

        Assert.Equal(HttpStatusCode.OK, proved.StatusCode);
        Assert.True(result.IsFromCache);
        Assert.Equal(OAuthIntrospectionFailure.BindingNotProved, result.Failure);
    }

    [Fact]
    public async Task An_unavailable_server_is_a_reason_with_a_Retry_After()
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        _server.RespondWith(503, headers: [new("Retry-After", "30")]);

        OAuthIntrospectionResult result = await IntrospectorOf(api).IntrospectAsync(_server.IssueToken("read"));

        Assert.Equal(OAuthIntrospectionFailure.Unavailable, result.Failure);
        Assert.Equal(TimeSpan.FromSeconds(30), result.RetryAfter);
        Assert.Null(result.Principal);
    }

    [Fact]
    public async Task An_unreachable_server_is_a_reason_with_an_exception()
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        _server.Disconnect();

        OAuthIntrospectionResult result = await IntrospectorOf(api).IntrospectAsync(_server.IssueToken("read"));

        Assert.Equal(OAuthIntrospectionFailure.Unavailable, result.Failure);
        Assert.NotNull(result.Exception);
    }

    [Fact]
    public async Task A_maximum_age_replaces_older_responses()
    {
        await using TestApi api = await TestApi.StartAsync(_server, time: _time);
        string token = _server.IssueToken("read");
        OAuthIntrospector introspector = IntrospectorOf(api);
        await introspector.IntrospectAsync(token);
        _time.Advance(TimeSpan.FromSeconds(30));
        _server.Revoke(token);

        OAuthIntrospectionResult sinceAMinute = await introspector.IntrospectAsync(token, maximumAge: TimeSpan.FromMinutes(1));
        OAuthIntrospectionResult sinceTenSeconds = await introspector.IntrospectAsync(token, maximumAge: TimeSpan.FromSeconds(10));
        OAuthIntrospectionResult afterwards = await introspector.IntrospectAsync(token);

        Assert.True(sinceAMinute.Succeeded);
        Assert.Equal(OAuthIntrospectionFailure.Inactive, sinceTenSeconds.Failure);
        Assert.Equal(OAuthIntrospectionFailure.Inactive, afterwards.Failure);
        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task A_maximum_age_of_zero_always_introspects()
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        string token = _server.IssueToken("read");

        for (int i = 0; i < 3; i++)
            Assert.False((await IntrospectorOf(api).IntrospectAsync(token, maximumAge: TimeSpan.Zero)).IsFromCache);

        Assert.Equal(3, _server.CallCount);
    }

    [Fact]
    public async Task A_removed_token_is_introspected_again()
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        string token = _server.IssueToken("read");
        await IntrospectorOf(api).IntrospectAsync(token);
        _server.Revoke(token);

        api.Services.GetRequiredService<OAuthIntrospectionCache>().RemoveToken(token);

        Assert.Equal(OAuthIntrospectionFailure.Inactive, (await IntrospectorOf(api).IntrospectAsync(token)).Failure);
    }

    [Fact]
    public async Task Requests_and_other_callers_share_one_call_and_each_may_cancel()
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        string token = _server.IssueToken("read");
        using HeldResponses held = _server.HoldResponses();
        using var leaving = new CancellationTokenSource();

        Task<OAuthIntrospectionResult> left = IntrospectorOf(api).IntrospectAsync(token, cancellationToken: leaving.Token);
        Task<OAuthIntrospectionResult>[] callers = [.. Enumerable.Range(0, 20).Select(_ => IntrospectorOf(api).IntrospectAsync(token))];
        Task<AuthenticateResult> request = api.AuthenticateAsync(token);
        await held.WaitForCallsAsync(1);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        held.Release();

        Assert.All(await Task.WhenAll(callers), result => Assert.True(result.Succeeded));
        Assert.True((await request).Succeeded);
        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task A_cancelled_caller_makes_no_call()
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        string token = _server.IssueToken("read");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            IntrospectorOf(api).IntrospectAsync(token, cancellationToken: new CancellationToken(canceled: true))
        );

        Assert.Equal(0, _server.CallCount);
    }

    [Fact]
    public async Task A_scheme_is_chosen_by_name_and_no_response_crosses_schemes()
    {
        await using FakeAuthorizationServer other = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection("One", _ => { }).AddOAuthIntrospection("Two", _ => { });
                    services.UseFakeAuthorizationServer(other, "Two");
                },
                Schemes = ["One"],
            }
        );
        string token = _server.IssueToken("read");
        OAuthIntrospector introspector = IntrospectorOf(api);

        for (int round = 0; round < 2; round++)
        {
            Assert.True((await introspector.IntrospectAsync(token, "One")).Succeeded);
            Assert.Equal(OAuthIntrospectionFailure.Inactive, (await introspector.IntrospectAsync(token, "Two")).Failure);
        }

        Assert.Equal(1, _server.CallCount);
        Assert.Equal(1, other.CallCount);
    }

    [Theory]
    [InlineData(null, "set authenticationScheme, unless there is exactly one introspection scheme. There is: One, Two.")]
    [InlineData("one", "'one' is not the name of an introspection scheme. There is: One, Two.")]
    [InlineData("", "'' is not the name of an introspection scheme. There is: One, Two.")]
    [InlineData("Cookies", "'Cookies' is not the name of an introspection scheme. There is: One, Two.")]
    public async Task An_ambiguous_or_unknown_scheme_throws_and_names_the_schemes(string? scheme, string message)
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                    services
                        .AddAuthentication()
                        .AddCookie("Cookies")
                        .AddOAuthIntrospection("One", _ => { })
                        .AddOAuthIntrospection("Two", _ => { }),
                Schemes = ["One", "Two"],
            }
        );

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            IntrospectorOf(api).IntrospectAsync(_server.IssueToken("read"), scheme)
        );

        Assert.Equal($"IntrospectAsync: {message}", exception.Message);
        Assert.Equal(0, _server.CallCount);
    }

    [Fact]
    public async Task The_only_introspection_scheme_needs_no_name_next_to_schemes_of_other_kinds()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services => services.AddAuthentication("Cookies").AddCookie("Cookies").AddOAuthIntrospection("Opaque", _ => { }),
                Schemes = ["Opaque"],
            }
        );

        OAuthIntrospectionResult result = await IntrospectorOf(api).IntrospectAsync(_server.IssueToken("read"));

        Assert.Equal("Opaque", result.Ticket?.AuthenticationScheme);
    }

    [Fact]
    public async Task Claims_that_TokenValidated_adds_are_in_the_principal()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
                options.Events.OnTokenValidated = context =>
                {
                    Assert.False(context.Request.Headers.ContainsKey("Authorization"));
                    Assert.NotNull(context.HttpContext.RequestServices.GetRequiredService<IAuthorizationService>());
                    context.Principal!.AddIdentity(new ClaimsIdentity([new Claim("plan", "gold")]));
                    return Task.CompletedTask;
                }
        );
        string token = _server.IssueToken("read");

        OAuthIntrospectionResult cold = await IntrospectorOf(api).IntrospectAsync(token),
            warm = await IntrospectorOf(api).IntrospectAsync(token);

        Assert.All([cold, warm], result => Assert.Equal("gold", Assert.Single(result.Principal!.FindAll("plan")).Value));
    }

    [Fact]
    public async Task TokenValidated_may_reject_a_token_with_its_own_reason()
    {
        var locked = new AuthenticationFailureException("The account is locked.");
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
                options.Events.OnTokenValidated = context =>
                {
                    context.Fail(locked);
                    return Task.CompletedTask;
                }
        );

        OAuthIntrospectionResult result = await IntrospectorOf(api).IntrospectAsync(_server.IssueToken("read"));

        Assert.Equal(OAuthIntrospectionFailure.RejectedByApplication, result.Failure);
        Assert.Same(locked, result.Exception);
        Assert.Null(result.Principal);
    }

    [Fact]
    public async Task A_token_for_which_TokenValidated_returns_no_result_is_not_accepted()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
                options.Events.OnTokenValidated = context =>
                {
                    context.NoResult();
                    return Task.CompletedTask;
                }
        );

        Assert.Equal(
            OAuthIntrospectionFailure.RejectedByApplication,
            (await IntrospectorOf(api).IntrospectAsync(_server.IssueToken("read"))).Failure
        );
    }

    [Fact]
    public async Task Events_from_the_container_come_from_a_scope_that_ends_with_the_call()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services.AddScoped<ScopedEvents>();
                    services.AddAuthentication().AddOAuthIntrospection(options => options.EventsType = typeof(ScopedEvents));
                },
            }
        );

        OAuthIntrospectionResult result = await IntrospectorOf(api).IntrospectAsync(_server.IssueToken("read"));

        ScopedEvents events = Assert.IsType<ScopedEvents>(result.Ticket!.Properties.GetParameter<object>("events"));
        Assert.True(events.IsDisposed);
    }

    [Fact]
    public async Task AuthenticationFailed_does_not_run()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
                options.Events.OnAuthenticationFailed = context =>
                {
                    context.Principal = new ClaimsPrincipal(new ClaimsIdentity("Anyone"));
                    context.Success();
                    return Task.CompletedTask;
                }
        );

        Assert.Equal(OAuthIntrospectionFailure.Inactive, (await IntrospectorOf(api).IntrospectAsync("unknown-token-4711")).Failure);
    }

    [Fact]
    public async Task Changes_of_a_principal_are_invisible_to_other_callers()
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        string token = _server.IssueToken("read");
        OAuthIntrospectionResult first = await IntrospectorOf(api).IntrospectAsync(token);
        string before = Describe(first.Principal!);

        ((ClaimsIdentity)first.Principal!.Identity!).AddClaim(new Claim("scope", "admin"));

        Assert.Equal(before, Describe((await IntrospectorOf(api).IntrospectAsync(token)).Principal!));
    }

    [Fact]
    public async Task Policies_accept_the_principal_like_that_of_a_request()
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        ClaimsPrincipal principal = (await IntrospectorOf(api).IntrospectAsync(_server.IssueToken("read"))).Principal!;
        using IServiceScope scope = api.Services.CreateScope();
        var authorization = scope.ServiceProvider.GetRequiredService<IAuthorizationService>();

        Assert.True((await authorization.AuthorizeAsync(principal, "scope:read")).Succeeded);
        Assert.False((await authorization.AuthorizeAsync(principal, "scope:write")).Succeeded);
    }

    [Fact]
    public async Task Invalid_arguments_throw()
    {
        await using TestApi api = await TestApi.StartAsync(_server);

        await Assert.ThrowsAsync<ArgumentNullException>("token", () => IntrospectorOf(api).IntrospectAsync(null!));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            "maximumAge",
            () => IntrospectorOf(api).IntrospectAsync("token", maximumAge: TimeSpan.FromTicks(-1))
        );
    }

    private static OAuthIntrospector IntrospectorOf(TestApi api) => api.Services.GetRequiredService<OAuthIntrospector>();

    private static string Describe(ClaimsPrincipal principal) =>
        string.Join(
            '\n',
            principal.Claims.Select(claim =>
                $"{claim.Type}|{claim.Value}|{claim.ValueType}|{claim.Issuer}|{claim.Subject!.AuthenticationType}|{claim.Subject.Name}"
            )
        );

    private sealed class ScopedEvents : OAuthIntrospectionEvents, IDisposable
    {
        public bool IsDisposed { get; private set; }

        public override Task TokenValidated(TokenValidatedContext context)
        {
            Assert.Same(this, context.HttpContext.RequestServices.GetRequiredService<ScopedEvents>());
            context.Properties!.SetParameter<object>("events", this);
            return Task.CompletedTask;
        }

        public void Dispose() => IsDisposed = true;
    }
}

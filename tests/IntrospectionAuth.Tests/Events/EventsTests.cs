using System.Net;
using System.Security.Claims;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Events;

public sealed class EventsTests : IAsyncDisposable
{
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Introspecting_can_change_the_request()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
                options.Events.OnIntrospecting = context =>
                {
                    context.Parameters["resource"] = "https://api.example.com";
                    context.Request.Headers.Add("X-Trace", context.Scheme);
                    return Task.CompletedTask;
                }
        );

        using HttpResponseMessage response = await api.GetAsync("/read", _server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        IntrospectionCall call = Assert.Single(_server.Calls);
        Assert.Equal("https://api.example.com", call.Parameters["resource"]);
        Assert.Equal("OAuthIntrospection", call.Headers["X-Trace"]);
    }

    [Fact]
    public async Task TokenValidated_runs_on_every_request_and_says_whether_the_response_is_cached()
    {
        var fromCache = new List<bool>();
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
                options.Events.OnTokenValidated = context =>
                {
                    fromCache.Add(context.IsFromCache);
                    ((ClaimsIdentity)context.Principal!.Identity!).AddClaim(new Claim("scope", "write"));
                    return Task.CompletedTask;
                }
        );
        string token = _server.IssueToken("read");

        using HttpResponseMessage first = await api.GetAsync("/write", token);
        using HttpResponseMessage second = await api.GetAsync("/write", token);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal([false, true], fromCache);
    }

    [Fact]
    public async Task TokenValidated_may_reject_the_token_without_disclosing_its_message()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
                options.Events.OnTokenValidated = context =>
                {
                    context.Fail("customer 4711 has not paid");
                    return Task.CompletedTask;
                }
        );

        using HttpResponseMessage response = await api.GetAsync("/read", _server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(
            "Bearer error=\"invalid_token\", error_description=\"The access token was not accepted.\"",
            response.Headers.WwwAuthenticate.ToString()
        );
        Assert.DoesNotContain("4711", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AuthenticationFailed_gets_the_reason_and_the_exception()
    {
        AuthenticationFailedContext? seen = null;
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
                options.Events.OnAuthenticationFailed = context =>
                {
                    seen = context;
                    return Task.CompletedTask;
                }
        );

        (await api.GetAsync("/read", "unknown")).Dispose();
        Assert.Equal(OAuthIntrospectionFailure.Inactive, seen!.Reason);
        Assert.Null(seen.Exception);

        _server.Disconnect();
        (await api.GetAsync("/read", "another")).Dispose();
        Assert.Equal(OAuthIntrospectionFailure.Unavailable, seen.Reason);
        Assert.IsAssignableFrom<HttpRequestException>(seen.Exception);
    }

    [Fact]
    public async Task AuthenticationFailed_may_replace_the_result()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
                options.Events.OnAuthenticationFailed = context =>
                {
                    context.Principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim("scope", "read")], "emergency"));
                    context.Success();
                    return Task.CompletedTask;
                }
        );

        using HttpResponseMessage response = await api.GetAsync("/read", "unknown");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Challenge_may_change_the_status_and_the_header()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
                options.Events.OnChallenge = context =>
                {
                    context.ErrorDescription = "Tom's \"own\" words\r\nX-Injected: yes";
                    context.ErrorUri = "https://api.example.com/help";
                    return Task.CompletedTask;
                }
        );

        using HttpResponseMessage response = await api.GetAsync("/read", "unknown");

        Assert.Equal(
            "Bearer error=\"invalid_token\", error_description=\"Tom's \\\"own\\\" words??X-Injected: yes\", "
                + "error_uri=\"https://api.example.com/help\"",
            response.Headers.GetValues("WWW-Authenticate").Single()
        );
        Assert.False(response.Headers.Contains("X-Injected"));
    }

    [Fact]
    public async Task Challenge_can_write_the_response_itself()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
                options.Events.OnChallenge = async context =>
                {
                    context.HandleResponse();
                    context.Response.StatusCode = 418;
                    await context.Response.WriteAsync("teapot");
                }
        );

        using HttpResponseMessage response = await api.GetAsync("/read", token: null);

        Assert.Equal(418, (int)response.StatusCode);
        Assert.Equal("teapot", await response.Content.ReadAsStringAsync());
        Assert.Empty(response.Headers.WwwAuthenticate);
    }

    [Fact]
    public async Task Forbidden_can_write_the_response_itself()
    {
        string? scope = null;
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
                options.Events.OnForbidden = context =>
                {
                    scope = context.Scope;
                    context.HandleResponse();
                    context.Response.StatusCode = 404;
                    return Task.CompletedTask;
                }
        );

        using HttpResponseMessage response = await api.GetAsync("/write", _server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("write", scope);
    }

    [Fact]
    public async Task Events_can_come_from_the_container_with_services_of_the_request()
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = services =>
                    services
                        .AddScoped<Dependency>()
                        .AddScoped<InjectedEvents>()
                        .AddAuthentication()
                        .AddOAuthIntrospection(options => options.EventsType = typeof(InjectedEvents)),
            }
        );

        using HttpResponseMessage response = await api.GetAsync("/write", _server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("yes", Assert.Single(_server.Calls).Parameters["injected"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // whose requests create the events before their tenant is known
    public async Task Events_that_the_container_does_not_know_stop_the_start(bool hasTenants)
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            TestApi.StartAsync(
                _server,
                options =>
                {
                    options.EventsType = typeof(InjectedEvents);
                    if (hasTenants)
                    {
                        options.ResolveTenant = OAuthIntrospectionTenantNames.FromRouteValue("tenant");
                        options.ConfigureTenant = static (_, _) => new(true);
                    }
                }
            )
        );

        Assert.Equal(
            "Scheme OAuthIntrospection: EventsType is InjectedEvents, which is not registered. Register it: "
                + "services.AddScoped<InjectedEvents>().",
            fault.Message
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Events_of_another_type_stop_the_start(bool hasTenants)
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            TestApi.StartAsync(
                _server,
                options =>
                {
                    options.EventsType = typeof(Dependency);
                    if (hasTenants)
                    {
                        options.ResolveTenant = OAuthIntrospectionTenantNames.FromRouteValue("tenant");
                        options.ConfigureTenant = static (_, _) => new(true);
                    }
                }
            )
        );

        Assert.Equal(
            "Scheme OAuthIntrospection: EventsType is Dependency, which does not derive from OAuthIntrospectionEvents.",
            fault.Message
        );
    }

    [Theory]
    [InlineData("MessageReceived")]
    [InlineData("TokenValidated")]
    [InlineData("AuthenticationFailed")]
    public async Task An_exception_of_an_event_handler_reaches_the_application(string name)
    {
        static Task Throw(object context) => throw new InvalidOperationException("the user's own");
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
            {
                if (name == "MessageReceived")
                    options.Events.OnMessageReceived = Throw;
                if (name == "TokenValidated")
                    options.Events.OnTokenValidated = Throw;
                if (name == "AuthenticationFailed")
                    options.Events.OnAuthenticationFailed = Throw;
            }
        );

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            api.GetAsync("/read", name == "AuthenticationFailed" ? "unknown" : _server.IssueToken("read"))
        );

        Assert.Equal("the user's own", exception.Message);
    }

    [Theory]
    [InlineData("Introspecting")]
    [InlineData("ResponseReceived")]
    public async Task A_time_limit_that_an_event_handler_exceeds_is_not_that_of_the_call(string name)
    {
        static Task Throw(object context) => throw new TimeoutException("the user's own");
        await using TestApi api = await TestApi.StartAsync(
            _server,
            options =>
            {
                if (name == "Introspecting")
                    options.Events.OnIntrospecting = Throw;
                else
                    options.Events.OnResponseReceived = Throw;
            }
        );

        var exception = await Assert.ThrowsAsync<TimeoutException>(() => api.GetAsync("/read", _server.IssueToken("read")));

        Assert.Equal("the user's own", exception.Message);
    }

    [Theory]
    [InlineData("/challenge")]
    [InlineData("/forbid")]
    public async Task An_exception_of_an_event_handler_reaches_the_application_if_only_a_challenge_reads_the_token(string path)
    {
        await using TestApi api = await TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Services = static services =>
                    services
                        .AddAuthentication("Cookies")
                        .AddCookie("Cookies")
                        .AddOAuthIntrospection(static options =>
                            options.Events.OnTokenValidated = static _ => throw new InvalidOperationException("the user's own")
                        ),
                Endpoints = static app =>
                {
                    string[] schemes = [OAuthIntrospectionDefaults.AuthenticationScheme];
                    app.MapGet("/challenge", () => Results.Challenge(authenticationSchemes: schemes));
                    app.MapGet("/forbid", () => Results.Forbid(authenticationSchemes: schemes));
                },
            }
        );

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => api.GetAsync(path, _server.IssueToken("read")));

        Assert.Equal("the user's own", exception.Message);
    }

    private sealed class Dependency
    {
        public string Scope { get; } = "write";
    }

    private sealed class InjectedEvents(Dependency dependency) : OAuthIntrospectionEvents
    {
        public override Task Introspecting(IntrospectingContext context)
        {
            context.Parameters["injected"] = "yes";
            return Task.CompletedTask;
        }

        public override Task TokenValidated(TokenValidatedContext context)
        {
            ((ClaimsIdentity)context.Principal!.Identity!).AddClaim(new Claim("scope", dependency.Scope));
            return Task.CompletedTask;
        }
    }
}

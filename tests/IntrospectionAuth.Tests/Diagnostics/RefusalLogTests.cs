using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.Diagnostics;

/// <summary>What the log says about refused requests, and how often.</summary>
public sealed class RefusalLogTests : IAsyncDisposable
{
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly ManualTimeProvider _time = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_flood_of_invalid_tokens_is_ten_messages_a_minute_and_a_count()
    {
        await using TestApi api = await StartAsync(LogLevel.Information);

        await SendAsync(api, 1000);
        Assert.Equal(10, api.Log.Count("NotAuthenticated"));
        _time.Advance(TimeSpan.FromMinutes(1));
        await SendAsync(api, 1);

        LogEntry last = api.Log.Entries.Last(entry => entry.Event.Name == "NotAuthenticated");
        Assert.Equal((1002, LogLevel.Information), (last.Event.Id, last.Level));
        Assert.StartsWith(
            "Scheme OAuthIntrospection: the token was not accepted: Inactive (response: expected active; found inactive). Obtain a new ",
            last.Text,
            StringComparison.Ordinal
        );
        Assert.Contains("docs/diagnostics.md#inactive-tokens (990 such messages suppressed)", last.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_of_one_kind_leaves_the_messages_of_another()
    {
        await using TestApi api = await StartAsync(LogLevel.Information);
        await SendAsync(api, 100);

        await api.AssertStatusAsync("/read", "a b", HttpStatusCode.BadRequest);

        Assert.Contains(api.Log.Entries, entry => entry.Text.Contains("MalformedRequest", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_Debug_every_refusal_is_logged()
    {
        await using TestApi api = await StartAsync(LogLevel.Debug);

        await SendAsync(api, 100);

        Assert.Equal(100, api.Log.Count("NotAuthenticated"));
    }

    [Theory]
    [InlineData("/write", "(scope: expected write; found profile, read, without write). ")]
    [InlineData("/orgs/other", "(tenant: expected org_id equal to route value org; found another value, or none).")]
    [InlineData("/gold", "(acr: expected one of gold; found another value, or none).")]
    [InlineData("/admin", "(role: expected one of admin; found none of them).")]
    [InlineData("/own", "(OwnRequirement: expected to be met; found not met).")]
    public async Task A_policy_that_refuses_a_token_names_the_requirement(string path, string text)
    {
        await using TestApi api = await StartAsync(LogLevel.Information);
        string token = _server.IssueToken(token =>
        {
            token.Scopes = ["profile", "read"];
            token.OrganizationId = "secret-org";
            token.Subject = "secret-subject";
            token.Members["acr"] = "secret-acr";
        });

        await api.AssertStatusAsync(path, token, path == "/gold" ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden);

        LogEntry entry = Assert.Single(api.Log.Entries, entry => entry.Event.Name == "RefusedByPolicy");
        Assert.Equal((1046, LogLevel.Information), (entry.Event.Id, entry.Level));
        Assert.StartsWith("Scheme OAuthIntrospection: the token was accepted, but the policy of ", entry.Text, StringComparison.Ordinal);
        Assert.Contains(text, entry.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-", entry.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_probe_is_not_logged_as_a_refusal()
    {
        await using TestApi api = await StartAsync(LogLevel.Information);

        await api.AssertStatusAsync("/probe", _server.IssueToken("read"), HttpStatusCode.OK);

        Assert.Equal(0, api.Log.Count("RefusedByPolicy"));
    }

    private static async Task SendAsync(TestApi api, int count)
    {
        for (int i = 0; i < count; i++)
            await api.AssertStatusAsync($"unknown-{i}", HttpStatusCode.Unauthorized);
    }

    private Task<TestApi> StartAsync(LogLevel level) =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Time = _time,
                Services = services =>
                {
                    services.PostConfigure<LoggerFilterOptions>(filter => filter.MinLevel = level);
                    services.AddAuthentication().AddOAuthIntrospection(_ => { });
                },
                Endpoints = app =>
                {
                    app.MapGet("/orgs/{org}", () => "").RequireTenant("org_id", routeValue: "org");
                    app.MapGet("/gold", () => "").RequireAcr("gold");
                    app.MapGet("/admin", () => "").RequireAuthorization(policy => policy.RequireRole("admin"));
                    app.MapGet("/own", () => "").RequireAuthorization(policy => policy.AddRequirements(new OwnRequirement()));
                    app.MapGet(
                            "/probe",
                            async (HttpContext context, IAuthorizationService authorization) =>
                                (await authorization.AuthorizeAsync(context.User, context, "scope:write")).Succeeded.ToString()
                        )
                        .RequireAuthorization();
                },
            }
        );

    private sealed class OwnRequirement : IAuthorizationRequirement
    {
        public override string ToString() => "secret-requirement";
    }
}

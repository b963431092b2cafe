using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests;

/// <summary>The main job, from a bearer token to an authorized endpoint.</summary>
public sealed class MainJobTests
{
    [Fact]
    public async Task A_token_with_the_scope_is_authorized()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/read", server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_token_without_the_scope_is_forbidden_and_the_challenge_names_the_scope()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server);

        using HttpResponseMessage response = await api.GetAsync("/write", server.IssueToken("read"));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(
            "Bearer error=\"insufficient_scope\", error_description=\"The access token lacks a required scope.\", scope=\"write\"",
            response.Headers.WwwAuthenticate.ToString()
        );
    }

    [Fact]
    public async Task A_revoked_token_is_rejected()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server);
        string token = server.IssueToken("read");
        server.Revoke(token);

        using HttpResponseMessage response = await api.GetAsync("/read", token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(
            "Bearer error=\"invalid_token\", error_description=\"The access token is not active.\"",
            response.Headers.WwwAuthenticate.ToString()
        );
    }

    [Fact]
    public async Task Ten_requests_with_one_token_make_one_call()
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server);
        string token = server.IssueToken("read");

        for (int i = 0; i < 10; i++)
            (await api.GetAsync("/read", token)).EnsureSuccessStatusCode().Dispose();

        Assert.Equal(1, server.CallCount);
    }
}

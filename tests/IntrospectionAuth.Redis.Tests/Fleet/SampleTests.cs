using System.Runtime.Versioning;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Redis.Tests.Fleet;

/// <summary>What samples/Api adds for fleets, on a node without one.</summary>
[Collection("Fleets")]
public sealed class SampleTests(SingleNode alone) : IClassFixture<SingleNode>
{
    [Theory]
    [InlineData("token", null)]
    [InlineData("subject", "user-7")]
    [InlineData("session", "session-7")]
    [InlineData("client", "client-7")]
    [InlineData("organization", "org-7")]
    [InlineData("workspace", "workspace-7")]
    public async Task Forget_removes_the_tokens_that_its_field_names(string field, string? value)
    {
        (FakeAuthorizationServer server, FleetNode node) = (alone.Server, alone.Node);
        string token = server.IssueToken(token =>
        {
            token.Subject = "user-7";
            token.ClientId = "client-7";
            token.OrganizationId = "org-7";
            token.WorkspaceId = "workspace-7";
            token.Members["sid"] = "session-7";
        });
        string admin = server.IssueToken("admin");
        Assert.Equal(200, (await node.GetAsync("/me", token)).Status);
        server.Revoke(token);
        Assert.Equal(200, (await node.GetAsync("/me", token)).Status);

        Assert.Equal(0, await node.ForgetAsync(admin, field, "another"));
        Assert.Equal(1, await node.ForgetAsync(admin, field, value ?? token));

        Assert.Equal(401, (await node.GetAsync("/me", token)).Status);
    }

    [Fact]
    public async Task Forget_rejects_everything_but_one_known_field_and_callers_without_the_scope()
    {
        (FakeAuthorizationServer server, FleetNode node) = (alone.Server, alone.Node);
        string admin = server.IssueToken("admin");

        Assert.Equal(400, (await node.PostForgetAsync(admin)).Status);
        Assert.Equal(400, (await node.PostForgetAsync(admin, ("subject", ""))).Status);
        Assert.Equal(400, (await node.PostForgetAsync(admin, ("Subject", "x"), ("token", "y"))).Status);
        Assert.Equal(400, (await node.PostForgetAsync(admin, ("subject", "x"), ("subject", "y"))).Status);
        Assert.Equal(400, (await node.PostForgetAsync(admin, ("user", "x"))).Status);
        Assert.Equal(403, (await node.PostForgetAsync(server.IssueToken("read"), ("subject", "x"))).Status);
        Assert.Equal(401, (await node.PostForgetAsync("unknown", ("subject", "x"))).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [SupportedOSPlatform("linux")]
    public async Task The_client_of_Redis_is_loaded_only_if_Redis_is_configured(bool isConfigured)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The loaded files of a process are read from /proc.");
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        await using FleetNode node = await SingleNode.StartAsync(server, isConfigured ? "127.0.0.1:1" : null);

        Assert.Equal(200, (await node.GetAsync("/me", server.IssueToken())).Status);

        string loaded = string.Concat(node.Api.ProcessIds.Select(id => File.ReadAllText($"/proc/{id}/maps")));
        Assert.Contains("/IntrospectionAuth.dll", loaded, StringComparison.Ordinal);
        Assert.Equal(isConfigured, loaded.Contains("/StackExchange.Redis.dll", StringComparison.Ordinal));
    }
}

using System.Text.Json.Nodes;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Tests.Tool;

/// <summary>Runs <c>check</c> against servers that are broken in one way, and asserts that it names the fault.</summary>
internal sealed class CheckFixture : IDisposable
{
    public const string ServerSecret = "the-secret-of-the-server";

    public CheckFixture() => Folder.Secrets.Add(ServerSecret);

    public ToolFolder Folder { get; } = new();

    /// <summary>Starts a server that accepts the secret.</summary>
    public static Task<FakeAuthorizationServer> ListenAsync(Action<FakeAuthorizationServerOptions>? configure = null) =>
        FakeAuthorizationServer.ListenAsync(options =>
        {
            options.ClientSecret = ServerSecret;
            configure?.Invoke(options);
        });

    /// <summary>Checks with the right credentials.</summary>
    public Task<(int ExitCode, JsonNode Report)> RunAsync(params string[] args)
    {
        Folder.Variables["INTROSPECTION_CLIENT_SECRET"] = ServerSecret;
        return Folder.CheckAsync([.. args, "--client-id", "api"]);
    }

    public static JsonNode[] Steps(JsonNode report) => [.. report["steps"]!.AsArray().Select(step => step!)];

    /// <summary>One step failed, with these texts; null accepts any.</summary>
    public static JsonNode AssertFault((int ExitCode, JsonNode Report) result, string step, string? found, string? remedy)
    {
        JsonNode fault = Assert.Single(Steps(result.Report), it => (string?)it["outcome"] == "fail");

        Assert.Equal(step, (string?)fault["step"]);
        Assert.Equal(found ?? (string?)fault["found"], (string?)fault["found"]);
        Assert.Equal(remedy ?? (string?)fault["remedy"], (string?)fault["remedy"]);
        Assert.Equal("fail", (string?)result.Report["outcome"]);
        Assert.Equal(1, result.ExitCode);
        return fault;
    }

    public void Dispose() => Folder.Dispose();
}

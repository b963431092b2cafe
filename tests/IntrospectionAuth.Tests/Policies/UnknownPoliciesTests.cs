using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.StartupChecks;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Policies;

/// <summary>Policies that do not exist and that no endpoint names, so that only their first use reveals them.</summary>
public sealed class UnknownPoliciesTests : IAsyncDisposable
{
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();

    public static TheoryData<string, string> Names =>
        new()
        {
            { "scope:", "The policy \"scope:\" does not exist. Name the scope after the colon: \"scope:read\"." },
            { "SCOPE:", "The policy \"SCOPE:\" does not exist. Name the scope after the colon: \"scope:read\"." },
            { "IntrospectionAuth:RequireTenantAttribute:", "The policy of [RequireTenant] does not exist. Register it with " },
            { new string('a', 100), $"The policy \"{new string('a', 100)}\" does not exist. Register it with " },
            { new string('a', 101), $"The policy \"{new string('a', 100)}…\" does not exist. Register it with " },
        };

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_policy_is_logged_with_its_remedy_at_its_first_use_alone(string name, string message)
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        var provider = api.Services.GetRequiredService<IAuthorizationPolicyProvider>();

        Assert.Null(await provider.GetPolicyAsync(name));
        Assert.StartsWith(message, Assert.Single(MessagesOf(api)), StringComparison.Ordinal);

        Assert.Null(await provider.GetPolicyAsync(name));
        Assert.Single(MessagesOf(api));
    }

    [Fact]
    public async Task Names_that_callers_choose_are_logged_up_to_100()
    {
        await using TestApi api = await TestApi.StartAsync(_server);
        var provider = api.Services.GetRequiredService<IAuthorizationPolicyProvider>();

        for (int i = 1; i <= 102; i++)
            await provider.GetPolicyAsync($"chosen-{i}");

        string[] messages = [.. MessagesOf(api)];
        Assert.Equal(100, messages.Length);
        Assert.StartsWith("The policy \"chosen-100\"", messages[^1], StringComparison.Ordinal);
    }

    private static IEnumerable<string> MessagesOf(TestApi api) =>
        StartupLog.Messages(api.Log, nameof(Log.PolicyNotFound), state: " Policy=");
}

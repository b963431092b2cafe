using IntrospectionAuth.Caching;
using IntrospectionAuth.Calls;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Server;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Resilience;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Calls;

/// <summary>Many requests wait for one response when the application removes its entry.</summary>
public sealed class SupersededCrowdTests : BadDayTest
{
    [Fact]
    public async Task A_crowd_whose_response_is_superseded_shares_one_more_call()
    {
        await using TestApi api = await StartAsync(options =>
        {
            options.Resilience.MaximumConcurrentCalls = 1;
            options.Resilience.MaximumWait = TimeSpan.Zero;
        });
        string token = Server.IssueToken(token => token.Members["org_id"] = "o");
        var introspector = api.Services.GetRequiredService<CachingIntrospector>();
        OAuthIntrospectionOptions options = api
            .Services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>()
            .Get(OAuthIntrospectionDefaults.AuthenticationScheme);
        SchemeServer server = api
            .Services.GetRequiredService<SchemeServers>()
            .Get(OAuthIntrospectionDefaults.AuthenticationScheme, options);
        CacheKey key = introspector.BuildKey(server, token);
        HeldResponses held = Server.HoldResponses();
        Task<(IntrospectionResult Result, ResponseSource)>[] crowd =
        [
            .. Enumerable
                .Range(0, 50)
                .Select(_ => introspector.IntrospectAsync(server, key, token, requiredFreshness: null, CancellationToken.None)),
        ];
        await held.WaitForCallsAsync(1);

        api.Services.GetRequiredService<OAuthIntrospectionCache>().RemoveOrganization("o");
        held.Dispose();
        await Task.WhenAll(crowd);

        Assert.Equal(2, Server.CallCount);
        Assert.All(crowd, one => Assert.NotNull(one.Result.Result.Response));
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Support;

/// <summary>What a test wants different in a <see cref="TestApi"/>.</summary>
internal sealed class TestApiSetup
{
    public required Action<IServiceCollection> Services { get; init; }

    /// <summary>The schemes whose calls go to the fake server.</summary>
    public string[] Schemes { get; init; } = [OAuthIntrospectionDefaults.AuthenticationScheme];

    public Action<IConfigurationManager>? Configuration { get; init; }

    public Action<WebApplication>? Endpoints { get; init; }

    public TimeProvider? Time { get; init; }

    public string Environment { get; init; } = "Production";
}

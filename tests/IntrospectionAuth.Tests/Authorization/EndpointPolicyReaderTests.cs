using IntrospectionAuth.Authorization;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Authorization;

/// <summary>The startup checks and the protected resource metadata read policies as the authorization middleware does.</summary>
public sealed class EndpointPolicyReaderTests
{
    /// <summary>Metadata of an endpoint, and the scopes that it requires.</summary>
    public static TheoryData<string, string[]> Endpoints =>
        new()
        {
            { "policy", ["read"] },
            { "requirement", ["write"] },
            { "policy,requirement", ["read", "write"] },
            { "", [] },
            { "policy,requirement,anonymous", [] },
        };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Policies_and_requirements_of_an_endpoint_add_up(string metadata, string[] scopes)
    {
        await using var server = FakeAuthorizationServer.Create();
        await using TestApi api = await TestApi.StartAsync(server);
        object[] items =
        [
            .. metadata
                .Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select<string, object>(static it =>
                    it switch
                    {
                        "policy" => new AuthorizeAttribute("scope:read"),
                        "requirement" => new OwnMetadata(),
                        _ => new AllowAnonymousAttribute(),
                    }
                ),
        ];

        AuthorizationPolicy? policy = await EndpointPolicyReader.ReadAsync(
            new EndpointMetadataCollection(items),
            api.Services.GetRequiredService<IAuthorizationPolicyProvider>()
        );

        Assert.Equal(
            scopes,
            (policy?.Requirements ?? []).OfType<ScopeRequirement>().SelectMany(static it => it.Scopes).Order(StringComparer.Ordinal)
        );
    }

    /// <summary>Metadata of the application that names a requirement and no policy.</summary>
    private sealed class OwnMetadata : IAuthorizationRequirementData
    {
        public IEnumerable<IAuthorizationRequirement> GetRequirements() => [ScopeRequirement.All("write")];
    }
}

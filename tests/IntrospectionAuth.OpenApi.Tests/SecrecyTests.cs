using IntrospectionAuth.Tests.Discovery;
using Microsoft.AspNetCore.Builder;
using static IntrospectionAuth.Tests.Discovery.MetadataServer;

namespace IntrospectionAuth.OpenApi.Tests;

/// <summary>A document is public: it holds no credential, and no address that only this API uses.</summary>
public sealed class SecrecyTests
{
    private const string Secret = "s3cr3t-canary";

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task No_credential_and_no_internal_address_is_in_the_document(bool requiresDPoP, bool isDown)
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        if (!isDown)
        {
            server.PublishText(
                OpenId,
                $$"""
                {
                  "issuer": "{{server.Url}}",
                  "introspection_endpoint": "{{server.Url}}/introspect-{{Secret}}",
                  "revocation_endpoint": "{{server.Url}}/revoke-{{Secret}}",
                  "jwks_uri": "{{server.Url}}/keys-{{Secret}}",
                  "token_endpoint": "{{server.Url}}/token",
                  "authorization_endpoint": "{{server.Url}}/authorize",
                  "{{Secret}}": "{{Secret}}",
                  "mtls_endpoint_aliases": {
                    "token_endpoint": "{{server.Url}}/mtls-{{Secret}}", "introspection_endpoint": "{{server.Url}}/mtls-{{Secret}}"
                  }
                }
                """
            );
        }

        await using DocumentedApi api = await DocumentedApi.StartAsync(
            static app =>
                app.MapGet("/read", static () => "")
                    .RequireAuthorization("policy-" + Secret)
                    .RequireFreshToken(TimeSpan.Zero)
                    .RequireRecentAuthentication(TimeSpan.FromMinutes(1)),
            options =>
            {
                options.Authority = server.Url;
                options.ClientId = "client-" + Secret;
                options.ClientSecret = Secret;
                options.Realm = Secret;
                options.IntrospectionParameters["key"] = Secret;
                options.Audiences.Add(Secret);
                options.ValidIssuers.Add(Secret);
                options.RequiredClaims.Add(Secret);
                options.ClaimMappings[Secret] = Secret;
                options.RequireDPoP = requiresDPoP;
                options.TokenFilter.Prefixes.Add(Secret);
            },
            authorization: static options =>
                options.AddPolicy(
                    "policy-" + Secret,
                    static policy => policy.RequireScope("read").RequireRole(Secret).RequireClaim("plan", Secret).RequireUserName(Secret)
                )
        );

        string text = await api.GetTextAsync();

        Assert.Contains("\"read\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("/introspect", text, StringComparison.OrdinalIgnoreCase);
        if (requiresDPoP || isDown)
            Assert.DoesNotContain(server.Url, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configured_introspection_endpoint_is_not_in_the_document()
    {
        await using DocumentedApi api = await DocumentedApi.StartAsync(
            static app => app.MapGet("/", static () => "").RequireAuthorization(),
            static options => options.IntrospectionEndpoint = $"https://{Secret}.internal/introspect?key={Secret}"
        );

        Assert.DoesNotContain(Secret, await api.GetTextAsync(), StringComparison.OrdinalIgnoreCase);
    }
}

using IntrospectionAuth;
using IntrospectionAuth.OpenApi;
using Microsoft.AspNetCore.OpenApi;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Extension methods that describe in OpenAPI documents what the introspection schemes demand.</summary>
public static class OAuthIntrospectionOpenApiExtensions
{
    /// <summary>Describes what each operation demands of access tokens, and how clients obtain and send them.</summary>
    /// <param name="options">The options of the document.</param>
    /// <returns>The options.</returns>
    /// <remarks>
    /// <para>
    /// An operation that accepts tokens of an introspection scheme gets a security requirement with the scopes that its policies,
    /// attributes and groups demand, and the responses 401, 403 and 503 with their headers and problem details. Requirements of step-up
    /// (RFC 9470), fresh tokens and tenants are described in words. Anonymous operations, and those of other schemes, are not changed.
    /// What the application or another transformer has already described is kept.
    /// </para>
    /// <para>
    /// The security scheme has the name of the authentication scheme. Its type is <c>oauth2</c> when the metadata of the authorization
    /// server names a flow that OpenAPI 3.1 knows: <c>authorization_code</c> or <c>client_credentials</c>. It is <c>http</c> with the
    /// scheme <c>DPoP</c> when <see cref="OAuthIntrospectionOptions.RequireDPoP"/> is set, and otherwise <c>http</c> with the scheme
    /// <c>bearer</c>: without <see cref="OAuthIntrospectionOptions.Authority"/>, with tenants that are resolved per request, and while the
    /// metadata is unknown. A document waits for the metadata for 5 seconds at most, and never fails because of it.
    /// </para>
    /// <para>Calling it again changes nothing.</para>
    /// </remarks>
    public static OpenApiOptions AddOAuthIntrospection(this OpenApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        return options.AddOperationTransformer(DescribeOperation.Instance);
    }
}

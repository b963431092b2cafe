using IntrospectionAuth.Challenge;
using IntrospectionAuth.Discovery;
using IntrospectionAuth.Scopes;
using Microsoft.OpenApi;

namespace IntrospectionAuth.OpenApi;

/// <summary>Builds the security scheme of an introspection scheme. Of the options, only what concerns callers is written.</summary>
internal static class SecuritySchemeBuilder
{
    private const string Sha256 = "S256"; // RFC 7636, section 4.2

    /// <param name="options">The options of the scheme.</param>
    /// <param name="metadata">The metadata of the authorization server, if it is known.</param>
    public static OpenApiSecurityScheme Build(OAuthIntrospectionOptions options, ServerMetadata? metadata)
    {
        if (options.RequireDPoP)
            return BuildHttp(ChallengeHeaderBuilder.DPoP, DescribeDPoP(options));
        if (metadata is not null && BuildFlows(metadata) is { } flows)
        {
            return new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.OAuth2,
                Description = "An access token of the authorization server." + (options.DPoP.Offer ? DescribeOffer(options) : ""),
                Flows = flows,
            };
        }

        return BuildHttp(
            "bearer",
            "An access token in the header `Authorization: Bearer <token>`." + (options.DPoP.Offer ? DescribeOffer(options) : "")
        );
    }

    private static OpenApiSecurityScheme BuildHttp(string scheme, string description) =>
        new()
        {
            Type = SecuritySchemeType.Http,
            Scheme = scheme,
            Description = description,
        };

    private static string DescribeDPoP(OAuthIntrospectionOptions options) =>
        "An access token that is bound to a key of the client (DPoP, RFC 9449), in the header `Authorization: DPoP <token>`. Each request "
        + $"needs a new proof of possession in the header `DPoP`, signed with {AlgorithmsOf(options)}."
        + (options.DPoP.RequireNonce ? " The proof contains the `nonce` that the last response had in its header `DPoP-Nonce`." : "");

    private static string DescribeOffer(OAuthIntrospectionOptions options) =>
        " A token may be bound to a key of the client (DPoP, RFC 9449). Then the header is `Authorization: DPoP <token>`, and each request "
        + $"needs a proof of possession in the header `DPoP`, signed with {AlgorithmsOf(options)}.";

    private static string AlgorithmsOf(OAuthIntrospectionOptions options) => string.Join(", ", options.DPoP.AcceptedAlgorithms);

    /// <summary>
    /// Builds the flows that the server has and OpenAPI 3.1 knows. Those without a code (implicit, password) are left out, because clients
    /// must no longer use them (RFC 9700, sections 2.1.2 and 2.4).
    /// </summary>
    private static OpenApiOAuthFlows? BuildFlows(ServerMetadata metadata)
    {
        PublishedFlows published = metadata.Flows;
        if (metadata.TokenEndpoint is not { } tokenEndpoint)
            return null;

        OpenApiOAuthFlow? code = null,
            credentials = null;
        if (published.AuthorizationEndpoint is { } authorizationEndpoint && Has(published.GrantTypes, "authorization_code"))
        {
            code = CreateFlow(published, tokenEndpoint);
            code.AuthorizationUrl = authorizationEndpoint;
            if (Has(published.GrantTypes, "refresh_token"))
                code.RefreshUrl = tokenEndpoint;
            if (Has(published.CodeChallengeMethods, Sha256))
            {
                // An extension that Scalar reads: without it, its user would have to choose PKCE.
                code.Extensions = new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal)
                {
                    ["x-usePkce"] = new JsonNodeExtension("SHA-256"),
                };
            }
        }

        if (Has(published.GrantTypes, "client_credentials"))
            credentials = CreateFlow(published, tokenEndpoint);
        return code is null && credentials is null
            ? null
            : new OpenApiOAuthFlows { AuthorizationCode = code, ClientCredentials = credentials };
    }

    private static OpenApiOAuthFlow CreateFlow(PublishedFlows published, Uri tokenEndpoint) =>
        new()
        {
            TokenUrl = tokenEndpoint,
            Scopes = published.Scopes.Where(ScopeToken.IsValid).ToDictionary(static scope => scope, static _ => "", StringComparer.Ordinal),
        };

    private static bool Has(IReadOnlyList<string> values, string value) => values.Contains(value, StringComparer.Ordinal);
}

using Microsoft.OpenApi;

namespace IntrospectionAuth.OpenApi;

/// <summary>An introspection scheme in a document.</summary>
/// <param name="Id">The name of the security scheme in the document.</param>
/// <param name="Options">The options of the scheme.</param>
internal sealed record DescribedScheme(string Id, OAuthIntrospectionOptions Options)
{
    /// <summary>The flows by which clients obtain tokens; none for the type http, and for a security scheme of the application.</summary>
    public IReadOnlyList<OpenApiOAuthFlow> Flows { get; init; } = [];

    /// <summary>Whether the version of the document, or the type of the scheme, has scopes in a requirement.</summary>
    public required bool HasScopes { get; init; }

    /// <summary>Creates a requirement of a token of this scheme, with all of the scopes.</summary>
    public OpenApiSecurityRequirement Require(IReadOnlyList<string> scopes, OpenApiDocument document)
    {
        foreach (OpenApiOAuthFlow flow in Flows)
        {
            foreach (string scope in scopes)
                flow.Scopes!.TryAdd(scope, "");
        }

        return new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Id, document)] = HasScopes ? [.. scopes] : [] };
    }
}

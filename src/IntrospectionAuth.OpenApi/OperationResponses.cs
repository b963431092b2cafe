using IntrospectionAuth.DPoP;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace IntrospectionAuth.OpenApi;

/// <summary>Adds the responses that refuse a request. What the application has described of them is kept.</summary>
internal static class OperationResponses
{
    private const string ProblemType = "application/problem+json";

    public static void AddTo(
        OpenApiOperation operation,
        Demands demands,
        IReadOnlyList<OAuthIntrospectionOptions> schemes,
        OpenApiDocument document
    )
    {
        operation.Responses ??= [];
        if (schemes.Any(static scheme => scheme.DPoP.RequireNonce))
            AddNonceToAccepted(operation.Responses);

        OpenApiResponse? unauthorized = Add(
            operation.Responses,
            "401",
            "The request has no valid access token."
                + (
                    demands.Authentication is null
                        ? ""
                        : " Or the user must authenticate again or in another way (`error` is `insufficient_user_authentication`)."
                ),
            document
        );
        AddHeader(unauthorized, HeaderNames.WWWAuthenticate, Challenge);
        if (schemes.Any(static scheme => scheme.DPoP.RequireNonce))
            AddHeader(unauthorized, NonceHeader.Name, Nonce);

        if (demands.MayForbid)
        {
            OpenApiResponse? forbidden = Add(
                operation.Responses,
                "403",
                "The access token is valid, but does not allow this operation"
                    + (demands.Scopes.Count > 0 ? ": it lacks a scope, for example (`error` is `insufficient_scope`)." : "."),
                document
            );
            if (demands.Scopes.Count > 0)
                AddHeader(forbidden, HeaderNames.WWWAuthenticate, Challenge);
        }

        OpenApiResponse? unavailable = Add(
            operation.Responses,
            "503",
            "Whether the access token is valid could not be determined. The token may be used again later.",
            document
        );
        AddHeader(unavailable, HeaderNames.RetryAfter, RetryAfter);
    }

    private static OpenApiHeader Challenge =>
        Header("What is wrong with the token, and what is required: a challenge of RFC 6750, section 3.", JsonSchemaType.String);

    private static OpenApiHeader Nonce =>
        Header("The nonce for the next proof of possession (RFC 9449, section 9).", JsonSchemaType.String);

    private static OpenApiHeader RetryAfter => Header("After how many seconds the request may be repeated.", JsonSchemaType.Integer);

    private static OpenApiHeader Header(string description, JsonSchemaType type) =>
        new()
        {
            Description = description,
            Schema = new OpenApiSchema { Type = type },
        };

    /// <returns>The response; null when it is a reference to one that other operations share.</returns>
    private static OpenApiResponse? Add(OpenApiResponses responses, string status, string description, OpenApiDocument document)
    {
        if (!responses.TryGetValue(status, out IOpenApiResponse? present))
            responses.Add(status, present = new OpenApiResponse { Description = description });
        if (present is not OpenApiResponse response)
            return null;

        response.Content ??= new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal);
        if (response.Content.Count == 0)
            response.Content.Add(ProblemType, new OpenApiMediaType { Schema = ProblemSchema.Reference(document) });
        return response;
    }

    /// <summary>A nonce that expires soon is replaced by one in the response to an accepted request (RFC 9449, section 8.2).</summary>
    private static void AddNonceToAccepted(OpenApiResponses responses)
    {
        foreach ((string status, IOpenApiResponse response) in responses)
        {
            if (status.StartsWith('2'))
                AddHeader(response as OpenApiResponse, NonceHeader.Name, Nonce);
        }
    }

    private static void AddHeader(OpenApiResponse? response, string name, OpenApiHeader header)
    {
        if (response is null)
            return;

        response.Headers ??= new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
        response.Headers.TryAdd(name, header);
    }
}

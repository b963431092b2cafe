using Microsoft.OpenApi;

namespace IntrospectionAuth.OpenApi;

/// <summary>The schema of the problem details of a refused request (RFC 9457).</summary>
internal static class ProblemSchema
{
    private const string Id = "OAuthIntrospectionProblem";

    /// <summary>Gets a reference to the schema, which is added to the document once.</summary>
    public static OpenApiSchemaReference Reference(OpenApiDocument document)
    {
        if (document.Components?.Schemas?.ContainsKey(Id) != true)
            document.AddComponent<IOpenApiSchema>(Id, Create());
        return new OpenApiSchemaReference(Id, document);
    }

    private static OpenApiSchema Create() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Description = "Why a request was refused (RFC 9457).",
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
            {
                ["type"] = Text("What kind of problem it is.", "uri-reference"),
                ["title"] = Text("The meaning of the status."),
                ["status"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer,
                    Format = "int32",
                    Description = "The status of the response.",
                },
                ["detail"] = Text("What is wrong, as a sentence."),
                ["instance"] = Text("Where the problem occurred.", "uri-reference"),
                ["error"] = Text("The error code of RFC 6750, RFC 9449 or RFC 9470, such as `insufficient_scope`."),
            },
        };

    private static OpenApiSchema Text(string description, string? format = null) =>
        new()
        {
            Type = JsonSchemaType.String,
            Format = format,
            Description = description,
        };
}

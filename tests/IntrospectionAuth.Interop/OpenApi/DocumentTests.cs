using System.Text.RegularExpressions;
using IntrospectionAuth.Interop.OidcProvider;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OpenApi;

/// <summary>An independent validator reads the document.</summary>
[Collection(SharedOidcProvider.Name)]
public sealed partial class DocumentTests(DocumentedSample sample) : IClassFixture<DocumentedSample>
{
    [NodeFact]
    public async Task The_document_is_valid_OpenAPI_3_1()
    {
        await using ChildProcess validation = ChildProcess.Start(
            "node",
            [Path.Combine("OpenApi", "validate.mjs"), sample.Url + "/openapi/v1.json"],
            Repository.Interop,
            new Dictionary<string, string>(StringComparer.Ordinal),
            ValidLine()
        );

        Assert.StartsWith("3.1", await validation.WaitUntilReadyAsync(), StringComparison.Ordinal);
    }

    [GeneratedRegex("^Valid: (?<url>.*)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ValidLine();
}

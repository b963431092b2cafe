using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace IntrospectionAuth.OpenApi;

/// <summary>Describes what one operation demands of access tokens.</summary>
internal sealed class DescribeOperation : IOpenApiOperationTransformer
{
    private const string Done = "IntrospectionAuth";

    public static DescribeOperation Instance { get; } = new();

    public async Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        operation.Metadata ??= new Dictionary<string, object>(StringComparer.Ordinal);
        if (context.Document is not { } document || !operation.Metadata.TryAdd(Done, Done))
            return;

        IServiceProvider services = context.ApplicationServices;
        if (await OperationPolicyReader.ReadAsync(context.Description, services) is not { } policy)
            return;

        DescribedSchemes described = await DescribedSchemes.OfAsync(document, context.DocumentName, services);
        AcceptedSchemes accepted = await AcceptedSchemes.OfAsync(policy, services);
        List<DescribedScheme> schemes = await described.FindAsync(accepted, cancellationToken);
        if (schemes.Count == 0)
            return;

        var demands = new Demands(policy);
        operation.Security ??= [];
        foreach (DescribedScheme scheme in schemes)
        {
            foreach (IReadOnlyList<string> scopes in demands.ScopeAlternatives)
                operation.Security.Add(scheme.Require(scopes, document));
        }

        operation.Description = DemandsText.AppendTo(operation.Description, demands);
        OperationResponses.AddTo(operation, demands, [.. schemes.Select(static scheme => scheme.Options)], document);
    }
}

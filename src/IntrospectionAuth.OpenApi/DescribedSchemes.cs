using System.Globalization;
using IntrospectionAuth.Discovery;
using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace IntrospectionAuth.OpenApi;

/// <summary>The introspection schemes of one document. A scheme is described when the first operation needs it.</summary>
internal sealed class DescribedSchemes
{
    private const string Key = "IntrospectionAuth.Schemes";

    private readonly OpenApiDocument _document;
    private readonly bool _isBefore31;
    private readonly IServiceProvider _services;
    private readonly List<(string Id, string Name)> _names = [];
    private readonly Dictionary<string, DescribedScheme> _described = new(StringComparer.Ordinal);

    private DescribedSchemes(OpenApiDocument document, string documentName, IServiceProvider services, IEnumerable<string> names)
    {
        _document = document;
        _services = services;
        _isBefore31 =
            services.GetRequiredService<IOptionsMonitor<OpenApiOptions>>().Get(documentName).OpenApiVersion < OpenApiSpecVersion.OpenApi3_1;
        foreach (string name in names)
            _names.Add((CreateId(name), name));
    }

    /// <summary>Gets the schemes of a document, which are the same for all of its operations.</summary>
    public static async Task<DescribedSchemes> OfAsync(OpenApiDocument document, string documentName, IServiceProvider services)
    {
        document.Metadata ??= new Dictionary<string, object>(StringComparer.Ordinal);
        if (document.Metadata.TryGetValue(Key, out object? value) && value is DescribedSchemes known)
            return known;

        AuthenticationScheme[] schemes = await services.GetRequiredService<IAuthenticationSchemeProvider>().GetIntrospectionSchemesAsync();
        var created = new DescribedSchemes(
            document,
            documentName,
            services,
            schemes.Select(static scheme => scheme.Name).Order(StringComparer.Ordinal)
        );
        document.Metadata[Key] = created;
        return created;
    }

    /// <summary>Finds the introspection schemes among those that a policy accepts, and adds them to the document.</summary>
    public async Task<List<DescribedScheme>> FindAsync(AcceptedSchemes accepted, CancellationToken cancellationToken)
    {
        var found = new List<DescribedScheme>();
        foreach ((string id, string name) in _names.Where(scheme => accepted.Include(scheme.Name)))
        {
            if (!_described.TryGetValue(name, out DescribedScheme? scheme))
                _described.Add(name, scheme = await DescribeAsync(id, name, cancellationToken));
            found.Add(scheme);
        }

        return found;
    }

    private async Task<DescribedScheme> DescribeAsync(string id, string name, CancellationToken cancellationToken)
    {
        OAuthIntrospectionOptions options = _services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>().Get(name);
        if (_document.Components?.SecuritySchemes?.TryGetValue(id, out IOpenApiSecurityScheme? own) == true)
            return new DescribedScheme(id, options) { HasScopes = !_isBefore31 || own.Type == SecuritySchemeType.OAuth2 };

        bool mayBeDiscovered = options is { Authority: not null, RequireDPoP: false, ResolvesTenants: false };
        ServerMetadata? metadata = mayBeDiscovered
            ? await _services
                .GetRequiredService<ServerDiscovery>()
                .FindForDescriptionAsync(new IntrospectionScheme(name, options), cancellationToken)
            : null;
        OpenApiSecurityScheme scheme = SecuritySchemeBuilder.Build(options, metadata);
        _document.AddComponent<IOpenApiSecurityScheme>(id, scheme);
        return new DescribedScheme(id, options)
        {
            HasScopes = !_isBefore31 || scheme.Flows is not null,
            Flows = [.. new[] { scheme.Flows?.AuthorizationCode, scheme.Flows?.ClientCredentials }.OfType<OpenApiOAuthFlow>()],
        };
    }

    /// <summary>The name of the scheme, as far as names in a document allow it, and unlike those of other schemes.</summary>
    private string CreateId(string name)
    {
        string id = string.Concat(name.Select(static it => char.IsAsciiLetterOrDigit(it) || it is '.' or '-' or '_' ? it : '_'));
        string unique = id;
        for (int i = 2; _names.Exists(scheme => scheme.Id == unique); i++)
            unique = id + "_" + i.ToString(CultureInfo.InvariantCulture);
        return unique;
    }
}

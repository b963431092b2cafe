using System.Text.RegularExpressions;
using IntrospectionAuth.Interop.OidcProvider;
using IntrospectionAuth.Interop.Processes;

namespace IntrospectionAuth.Interop.OpenApi;

/// <summary>samples/OpenApi in Development, whose authorization server is oidc-provider.</summary>
public sealed partial class DocumentedSample(OidcProviderServer server) : IAsyncLifetime
{
    private ChildProcess? _process;

    /// <summary>Gets the URL where it listens.</summary>
    public string Url { get; private set; } = "";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (NodeRequirement.Missing is not null)
            return;

        const string scheme = "Authentication__Schemes__OAuthIntrospection__";
        string assembly = Repository.FindAssembly("OpenApiSample");
        _process = ChildProcess.Start(
            "dotnet",
            [assembly],
            Path.GetDirectoryName(assembly)!,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                [scheme + "Authority"] = server.Issuer,
                [scheme + "ClientId"] = server.Settings["ClientId"],
                [scheme + "ClientSecret"] = server.Settings["ClientSecret"],
            },
            ListeningLine()
        );
        Url = await _process.WaitUntilReadyAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }

    [GeneratedRegex(@"Now listening on: (?<url>http://\S+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ListeningLine();
}

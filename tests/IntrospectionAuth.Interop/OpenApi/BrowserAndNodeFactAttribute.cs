using System.Runtime.CompilerServices;
using IntrospectionAuth.Interop.OidcProvider;
using IntrospectionAuth.Tests.Quickstart;

namespace IntrospectionAuth.Interop.OpenApi;

/// <summary>A test that needs a browser and oidc-provider. It is skipped, with the reason, if one is missing.</summary>
public sealed class BrowserAndNodeFactAttribute : FactAttribute
{
    /// <summary>Initializes the attribute.</summary>
    public BrowserAndNodeFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = NodeRequirement.Missing ?? new BrowserFactAttribute().Skip;
}

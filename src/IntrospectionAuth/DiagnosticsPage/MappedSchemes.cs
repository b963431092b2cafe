using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.DiagnosticsPage;

/// <summary>The names of the introspection schemes that were registered before the application started, in their order.</summary>
internal sealed class MappedSchemes(IOptions<AuthenticationOptions> options)
{
    public IEnumerable<string> Names =>
        options
            .Value.Schemes.Where(static scheme => scheme.HandlerType == typeof(OAuthIntrospectionHandler))
            .Select(static scheme => scheme.Name);
}

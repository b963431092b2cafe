using Microsoft.AspNetCore.Authentication;

namespace ModelContextProtocol.AspNetCore.Authentication;

/// <summary>The options of <see cref="McpAuthenticationHandler"/>.</summary>
internal sealed class McpAuthenticationOptions : AuthenticationSchemeOptions;

namespace IntrospectionAuth.Mcp;

/// <summary>Marks the endpoints on which the policies of tools are enforced.</summary>
internal sealed class ToolAuthorizationMetadata;

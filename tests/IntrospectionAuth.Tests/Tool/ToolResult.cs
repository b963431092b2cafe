namespace IntrospectionAuth.Tests.Tool;

/// <summary>What a run of the tool printed and returned.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error);

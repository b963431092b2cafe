using IntrospectionAuth.Tool.Commands;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool;

/// <summary>The entry point of <c>dotnet introspection</c>.</summary>
internal static class EntryPoint
{
    public static Task<int> Main(string[] args) => new ToolCommand(ToolHost.OfProcess()).RunAsync(args);
}

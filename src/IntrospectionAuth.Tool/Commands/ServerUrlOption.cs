using System.CommandLine;
using IntrospectionAuth.Tool.Serving;

namespace IntrospectionAuth.Tool.Commands;

/// <summary>The option by which a command finds a running <c>serve</c>.</summary>
internal static class ServerUrlOption
{
    public static Option<string> Create() =>
        new("--url")
        {
            Description = "The address that 'serve' has printed.",
            HelpName = "url",
            DefaultValueFactory = static _ => Addresses.Default,
        };
}

namespace IntrospectionAuth.Tool.Checks;

/// <summary>The names of the steps, in their order. They are part of the JSON output, so they do not change.</summary>
internal static class StepNames
{
    public const string Configuration = "configuration",
        Dns = "dns",
        Tcp = "tcp",
        Tls = "tls",
        Metadata = "metadata",
        Keys = "keys",
        Introspection = "introspection",
        Token = "token";

    public static string OnScreen(string name) =>
        name switch
        {
            Dns => "DNS",
            Tcp => "TCP",
            Tls => "TLS",
            _ => char.ToUpperInvariant(name[0]) + name[1..],
        };
}

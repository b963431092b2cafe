namespace IntrospectionAuth.Tool.Commands;

/// <summary>Keeps what may be a token or a secret out of messages about the command line.</summary>
internal static class ArgumentText
{
    private const int LongestName = 24;
    private const string NotShown = "…";

    /// <summary>Replaces the arguments in a message of the parser that are not the name of a command or an option.</summary>
    public static string Hide(string message, IReadOnlyList<string> arguments)
    {
        foreach ((int index, string argument) in arguments.Index())
        {
            string shown = Shorten(argument, mayBeCommand: index == 0);
            if (shown != argument)
                message = message.Replace($"'{argument}'", $"'{shown}'", StringComparison.Ordinal);
            if (argument.Length > LongestName)
                message = message.Replace(argument, shown, StringComparison.Ordinal);
        }

        return message;
    }

    private static string Shorten(string argument, bool mayBeCommand)
    {
        string name = argument.Split('=', 2)[0];
        bool isName = name.Length <= LongestName && (mayBeCommand || name.StartsWith("--", StringComparison.Ordinal));
        return !isName ? NotShown
            : name.Length < argument.Length ? $"{name}={NotShown}"
            : name;
    }
}

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
            foreach (char separator in "=:") // the parser splits --port=80 and --port:80, and names the value alone
            {
                if (argument.Split(separator, 2) is [_, { } value])
                    message = message.Replace($"'{value}'", $"'{NotShown}'", StringComparison.Ordinal);
            }
        }

        return message;
    }

    private static string Shorten(string argument, bool mayBeCommand)
    {
        int end = argument.AsSpan().IndexOfAny('=', ':');
        string name = end < 0 ? argument : argument[..end];
        bool isName = name.Length <= LongestName && (mayBeCommand || name.StartsWith("--", StringComparison.Ordinal));
        return !isName ? NotShown
            : end >= 0 ? $"{name}{argument[end]}{NotShown}"
            : name;
    }
}

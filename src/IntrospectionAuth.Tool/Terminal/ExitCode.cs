namespace IntrospectionAuth.Tool.Terminal;

/// <summary>What the tool returns to the shell.</summary>
internal static class ExitCode
{
    /// <summary>Nothing failed. Warnings do not fail.</summary>
    public const int Success = 0;

    /// <summary>A step or a check failed.</summary>
    public const int Failure = 1;

    /// <summary>The command line cannot be carried out.</summary>
    public const int WrongUsage = 2;

    /// <summary>Ended by Ctrl+C, as shells count it.</summary>
    public const int Cancelled = 130;
}

namespace IntrospectionAuth.Tool.Terminal;

/// <summary>The measures of what is printed, in characters.</summary>
internal static class ScreenLayout
{
    public const int MinimumWidth = 60;

    /// <summary>Longer lines are hard to read.</summary>
    public const int MaximumWidth = 110;

    public const int WidthWhenRedirected = 80;
}

using Spectre.Console;

namespace IntrospectionAuth.Tool.Terminal;

/// <summary>What surrounds the tool: its streams, environment variables, folders and clock.</summary>
internal sealed class ToolHost
{
    public required TextReader Input { get; init; }

    /// <summary>Whether standard input is a pipe or a file. Otherwise it is a keyboard.</summary>
    public required bool IsInputRedirected { get; init; }

    /// <summary>Asks a person at the keyboard for a text that is not shown.</summary>
    public required Func<string, CancellationToken, Task<string>> Prompt { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Whether output goes to a screen and may have colors.</summary>
    public required bool HasColors { get; init; }

    /// <summary>The number of characters on a line.</summary>
    public required int Width { get; init; }

    public required Func<string, string?> GetVariable { get; init; }

    public required string WorkingFolder { get; init; }

    /// <summary>The user's own folder for the data of applications; empty when the user has none.</summary>
    public required string DataFolder { get; init; }

    public required TimeProvider Time { get; init; }

    public static ToolHost OfProcess()
    {
        bool isScreen = !Console.IsOutputRedirected;
        return new()
        {
            Input = Console.In,
            IsInputRedirected = Console.IsInputRedirected,
            Prompt = PromptAsync,
            Output = Console.Out,
            Error = Console.Error,
            HasColors = isScreen && AllowsColors(Environment.GetEnvironmentVariable),
            Width = isScreen ? WidthOfScreen() : ScreenLayout.WidthWhenRedirected,
            GetVariable = Environment.GetEnvironmentVariable,
            WorkingFolder = Environment.CurrentDirectory,
            DataFolder = Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData,
                Environment.SpecialFolderOption.DoNotVerify
            ),
            Time = TimeProvider.System,
        };
    }

    /// <summary>Whether the environment allows colors (no-color.org; a terminal without escape sequences is named <c>dumb</c>).</summary>
    public static bool AllowsColors(Func<string, string?> getVariable) =>
        string.IsNullOrEmpty(getVariable("NO_COLOR")) && getVariable("TERM") is not "dumb";

    /// <summary>Creates a console that writes to the output.</summary>
    public IAnsiConsole CreateScreen()
    {
        IAnsiConsole screen = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = HasColors ? AnsiSupport.Detect : AnsiSupport.No,
                ColorSystem = HasColors ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(HasColors ? Output : new TrimmingWriter(Output)),
            }
        );
        screen.Profile.Width = Width;
        return screen;
    }

    private static Task<string> PromptAsync(string what, CancellationToken cancellationToken)
    {
        // On standard error: standard output holds the result alone.
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return new TextPrompt<string>($"{what}:").Secret(mask: null).ShowAsync(console, cancellationToken);
    }

    private static int WidthOfScreen()
    {
        try
        {
            return Math.Clamp(Console.WindowWidth, ScreenLayout.MinimumWidth, ScreenLayout.MaximumWidth);
        }
        catch (IOException) // a terminal without a size
        {
            return ScreenLayout.WidthWhenRedirected;
        }
    }
}

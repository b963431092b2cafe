using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.StartupChecks;

/// <summary>What the checks at startup have logged.</summary>
internal static class StartupLog
{
    /// <summary>The warnings in order, as they were written.</summary>
    public static IEnumerable<string> Warnings(LogRecorder log) => Messages(log, nameof(Log.StartupWarning), state: " Check=");

    /// <summary>The messages of an event, without the state that follows each.</summary>
    public static IEnumerable<string> Messages(LogRecorder log, string eventName, string state) =>
        log
            .Entries.Where(entry => entry.Event.Name == eventName)
            .Select(entry => entry.Text[..entry.Text.IndexOf(state, StringComparison.Ordinal)]);
}

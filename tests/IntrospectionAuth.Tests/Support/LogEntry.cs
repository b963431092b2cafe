using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.Support;

/// <summary>One recorded message, with all its state as text.</summary>
internal sealed record LogEntry(string Category, LogLevel Level, EventId Event, string Text);

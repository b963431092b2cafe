namespace IntrospectionAuth.Tool.Terminal;

/// <summary>The command line cannot be carried out. The message says why and what to do; it holds no token and no secret.</summary>
internal sealed class UsageException(string message) : Exception(message);

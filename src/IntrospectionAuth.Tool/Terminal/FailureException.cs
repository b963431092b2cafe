namespace IntrospectionAuth.Tool.Terminal;

/// <summary>The command failed. The message says why and what to do; it holds no token and no secret.</summary>
internal sealed class FailureException(string message) : Exception(message);

namespace Native;

/// <summary>What <c>/me</c> says about the caller.</summary>
internal sealed record Caller(string? Subject, string[] Scopes);

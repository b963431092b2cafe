namespace IntrospectionAuth.DiagnosticsPage;

/// <summary>One option of a scheme as the page shows it. A secret has no value but <c>set</c>.</summary>
internal sealed record Setting(string Name, string Value, bool IsSecret = false);

namespace IntrospectionAuth.Diagnostics;

/// <summary>Marks the endpoints of the diagnostics page.</summary>
internal sealed class DiagnosticsPageMarker;

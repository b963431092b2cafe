namespace Fleet.Demo;

/// <summary>The response of a node.</summary>
/// <param name="Node">The name of the node.</param>
/// <param name="Status">The status.</param>
/// <param name="Source">Where the response about the token came from: <c>memory</c>, <c>redis</c> or <c>server</c>.</param>
/// <param name="Milliseconds">How long the request took.</param>
internal sealed record NodeResponse(string Node, int Status, string Source, double Milliseconds);

namespace Fleet.Demo;

/// <summary>The first response with which a node rejected a removed token.</summary>
/// <param name="Node">The name of the node.</param>
/// <param name="Status">The status.</param>
/// <param name="Accepted">How many requests the node accepted before.</param>
/// <param name="Milliseconds">When the response arrived, counted from when the removal was accepted.</param>
internal sealed record Rejection(string Node, int Status, int Accepted, double Milliseconds);

using System.Diagnostics;

namespace Fleet.Demo;

/// <summary>Measures how long the nodes accept a token after it was removed on one of them.</summary>
internal static class Revocation
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(1);

    /// <summary>Sends the token to every node, again and again, until the node rejects it.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="token">The token.</param>
    /// <param name="removedAt">When the removal was accepted.</param>
    public static Task<Rejection[]> MeasureAsync(IEnumerable<Node> nodes, string token, long removedAt) =>
        Task.WhenAll(nodes.Select(node => MeasureAsync(node, token, removedAt)));

    private static async Task<Rejection> MeasureAsync(Node node, string token, long removedAt)
    {
        for (int accepted = 0; ; accepted++)
        {
            NodeResponse response = await node.ReadAsync(token);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(removedAt);
            if (response.Status != StatusCodes.Status200OK || elapsed > s_limit)
                return new Rejection(node.Name, response.Status, accepted, elapsed.TotalMilliseconds);
            await Task.Delay(s_pause, TimeProvider.System);
        }
    }
}

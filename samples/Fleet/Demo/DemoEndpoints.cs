using System.Diagnostics;
using IntrospectionAuth.Testing;

namespace Fleet.Demo;

/// <summary>The endpoints behind the page: tokens, requests to nodes, revocations, and Redis.</summary>
internal static class DemoEndpoints
{
    private const int Burst = 200;

    public static void MapDemo(this WebApplication app, FakeAuthorizationServer server, RedisProcess redis, Node[] nodes)
    {
        string administrator = Issue(server, "admin");
        RouteGroupBuilder demo = app.MapGroup("/demo");

        demo.MapGet("", () => new { Nodes = nodes.Select(node => node.Name), Calls = server.CallCount, IsRedisRunning = redis.IsRunning });

        demo.MapPost("/tokens", () => new { Token = Issue(server, "read") });

        demo.MapPost("/nodes/{number:int:range(1,3)}/read", async (int number, TokenRequest request) =>
            await nodes[number - 1].ReadAsync(request.Token));

        // Revokes the token at the authorization server and removes it on one node, then measures when each node rejects it.
        demo.MapPost("/nodes/{number:int:range(1,3)}/revoke", async (int number, TokenRequest request) =>
        {
            foreach (Node node in nodes)
                await node.ReadAsync(request.Token); // so that every node has it in memory
            if (!server.Revoke(request.Token))
                return Results.NotFound();

            await nodes[number - 1].ForgetAsync(administrator, request.Token);
            return Results.Ok(await Revocation.MeasureAsync(nodes, request.Token, removedAt: Stopwatch.GetTimestamp()));
        });

        // Many first requests with one token at the same time, spread over the nodes.
        demo.MapPost("/burst", async () =>
        {
            string token = Issue(server, "read");
            NodeResponse[] responses = await Task.WhenAll(
                Enumerable.Range(0, Burst).Select(number => nodes[number % nodes.Length].ReadAsync(token)));
            int accepted = responses.Count(response => response.Status == StatusCodes.Status200OK);
            return new { Requests = Burst, Accepted = accepted, Calls = server.CallsFor(token).Count };
        });

        demo.MapPut("/redis/{state:regex(^(running|stopped)$)}", (string state) =>
        {
            if (state == "running")
                redis.Start();
            else
                redis.Stop();
            return Results.NoContent();
        });
    }

    private static string Issue(FakeAuthorizationServer server, string scope) => server.IssueToken(token =>
    {
        token.Scopes = [scope];
        token.Lifetime = TimeSpan.FromDays(1);
    });

    private sealed record TokenRequest(string Token);
}

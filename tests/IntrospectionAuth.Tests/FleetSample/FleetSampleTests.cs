using System.Net.Http.Json;
using System.Text.Json.Nodes;
using IntrospectionAuth.Tests.Quickstart;

namespace IntrospectionAuth.Tests.FleetSample;

/// <summary>The endpoints behind the page of the fleet.</summary>
public sealed class FleetSampleTests
{
    [Fact]
    public async Task A_token_that_is_revoked_on_one_node_is_rejected_by_all_within_a_second()
    {
        await using SampleProcess sample = await FleetProcess.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(sample.Address) };
        await RevokeAsync(client); // compiles the code that is measured

        JsonArray rejections = await RevokeAsync(client);

        Assert.Equal([401, 401, 401], rejections.Select(static rejection => rejection!["status"]!.GetValue<int>()));
        Assert.All(rejections, static rejection => Assert.InRange(rejection!["milliseconds"]!.GetValue<double>(), 0, 1_000));
    }

    [Fact]
    public async Task First_requests_that_are_spread_over_the_nodes_need_one_call()
    {
        await using SampleProcess sample = await FleetProcess.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(sample.Address) };

        await PostAsync(client, "/demo/burst"); // the nodes have read the feed of removals when it ends
        JsonNode burst = await PostAsync(client, "/demo/burst");

        Assert.Equal(burst["requests"]!.GetValue<int>(), burst["accepted"]!.GetValue<int>());
        Assert.Equal(1, burst["calls"]!.GetValue<int>());
    }

    private static async Task<JsonArray> RevokeAsync(HttpClient client)
    {
        string token = (await PostAsync(client, "/demo/tokens"))["token"]!.GetValue<string>();
        return (await PostAsync(client, "/demo/nodes/2/revoke", new { token })).AsArray();
    }

    private static async Task<JsonNode> PostAsync(HttpClient client, string path, object? body = null)
    {
        using HttpResponseMessage response = await client.PostAsJsonAsync(path, body);
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }
}

using System.Text.Json.Nodes;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Redis.Tests.Engines;

namespace IntrospectionAuth.Redis.Tests.Fleet;

/// <summary>A node of a fleet: samples/Api as a process, and its own network to the engine.</summary>
internal sealed class FleetNode(SampleApi api, TcpProxy network) : IAsyncDisposable
{
    public SampleApi Api => api;

    /// <summary>The network between this node and the engine.</summary>
    public TcpProxy Network => network;

    public Task<ApiResponse> GetAsync(string path, string token) => api.GetAsync(path, token);

    /// <summary>Sends a form to <c>/forget</c>.</summary>
    public async Task<ApiResponse> PostForgetAsync(string token, params (string Field, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/forget")
        {
            Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Field, field.Value))),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return await api.SendAsync(request);
    }

    /// <summary>Removes entries on this node, and returns how many this node had.</summary>
    public async Task<int> ForgetAsync(string admin, string field, string value)
    {
        ApiResponse response = await PostForgetAsync(admin, (field, value));
        Assert.Equal(200, response.Status);
        return JsonNode.Parse(response.Body)!["removed"]!.GetValue<int>();
    }

    public async ValueTask DisposeAsync()
    {
        await api.DisposeAsync();
        await network.DisposeAsync();
    }
}

using System.Text;
using IntrospectionAuth.Interop.Hosting;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Interop.Servers;

namespace IntrospectionAuth.Interop.ClientAuthentication;

/// <summary>Credentials that other servers accept and oidc-provider does not.</summary>
public sealed class EncodingTests
{
    [Fact]
    public async Task A_secret_in_any_alphabet_reaches_a_server_that_decodes_it_by_RFC_6749()
    {
        const string id = "api: né+%41&ü";
        const string secret = "geheim: +%25 日本 🔑=";
        string? received = null;
        await using KestrelServer server = await KestrelServer.StartAsync(context =>
        {
            string credentials = Encoding.ASCII.GetString(
                Convert.FromBase64String(context.Request.Headers.Authorization.ToString()["Basic ".Length..])
            );
            received = string.Join('\n', credentials.Split(':').Select(part => Uri.UnescapeDataString(part.Replace('+', ' '))));
            return context.Response.WriteJsonAsync("""{"active":true,"scope":"read"}""");
        });
        await using SampleApi api = await HostedApi.StartAsync(
            new(StringComparer.Ordinal)
            {
                ["IntrospectionEndpoint"] = server.Url + "/introspect",
                ["ClientId"] = id,
                ["ClientSecret"] = secret,
            }
        );

        ApiResponse response = await api.GetAsync("/read", "token");

        Assert.Equal((200, $"{id}\n{secret}"), (response.Status, received));
    }
}

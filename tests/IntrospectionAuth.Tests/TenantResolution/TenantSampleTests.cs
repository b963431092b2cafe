using System.Net;
using IntrospectionAuth.Tests.Quickstart;

namespace IntrospectionAuth.Tests.TenantResolution;

/// <summary>samples/Tenants, as a process.</summary>
public sealed class TenantSampleTests
{
    [Fact]
    public async Task The_printed_curl_commands_get_the_printed_statuses()
    {
        await using SampleProcess sample = await SampleProcess.StartAsync(sample: "Tenants");

        (IReadOnlyList<HttpStatusCode> printed, IReadOnlyList<HttpStatusCode> received) = await PrintedCommands.RunAsync(sample);

        Assert.Equal(
            [
                HttpStatusCode.OK,
                HttpStatusCode.Unauthorized,
                HttpStatusCode.Forbidden,
                HttpStatusCode.Unauthorized,
                HttpStatusCode.NoContent,
                HttpStatusCode.OK,
                HttpStatusCode.NoContent,
                HttpStatusCode.Unauthorized,
                HttpStatusCode.OK,
            ],
            received
        );
        Assert.Equal(printed, received);
    }
}

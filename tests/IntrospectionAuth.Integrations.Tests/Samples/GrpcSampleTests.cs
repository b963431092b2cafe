namespace IntrospectionAuth.Integrations.Tests.Samples;

/// <summary>The output of samples/Grpc.</summary>
public sealed class GrpcSampleTests
{
    [Fact]
    public async Task The_program_prints_the_status_of_each_call_and_ends()
    {
        await using SampleProcess sample = SampleProcess.Start("Grpc", []);

        Assert.Equal(
            [
                "Add, scopes read and write         OK                milk",
                "Add, scope read                    PermissionDenied  Bad gRPC response. HTTP status code: 403",
                "List, scope read                   OK                milk",
                "List, no token                     Unauthenticated   Bad gRPC response. HTTP status code: 401",
                "List, a revoked token              Unauthenticated   Bad gRPC response. HTTP status code: 401",
                "List in an outage, a cached token  OK                milk",
                "List in an outage, a new token     Unavailable       Bad gRPC response. HTTP status code: 503",
            ],
            await sample.ReadAsync()
        );
    }
}

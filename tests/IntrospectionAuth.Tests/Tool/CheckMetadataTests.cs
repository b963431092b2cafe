using System.Text.Json.Nodes;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;
using static IntrospectionAuth.Tests.Tool.CheckFixture;

namespace IntrospectionAuth.Tests.Tool;

/// <summary>Metadata that cannot be used is named, with the remedy.</summary>
public sealed class CheckMetadataTests : IDisposable
{
    private readonly CheckFixture _check = new();

    public void Dispose() => _check.Dispose();

    [Fact]
    public async Task Keys_are_checked_where_signed_responses_are_required()
    {
        await using FakeAuthorizationServer server = await ListenAsync();
        _check.Folder.WriteSettings(
            $$"""
            {
              "Authority": "{{server.Issuer}}",
              "ClientId": "api",
              "ClientSecret": "{{ServerSecret}}",
              "RequireSignedResponse": true
            }
            """
        );

        (int exitCode, JsonNode report) = await _check.Folder.CheckAsync();

        Assert.Equal(0, exitCode);
        Assert.Contains(Steps(report), step => (string?)step["step"] == "keys" && (string?)step["outcome"] == "ok");
    }

    [Fact]
    public async Task Another_issuer_fails_the_metadata_step()
    {
        await using FakeAuthorizationServer server = await ListenAsync(options => options.Issuer = "https://login.example.com");
        string authority = server.BaseAddress.AbsoluteUri.TrimEnd('/');

        JsonNode fault = AssertFault(
            await _check.RunAsync("--authority", authority),
            "metadata",
            found: null,
            "Check Authority: it must be written exactly as the issuer in the server's metadata. Or set IntrospectionEndpoint."
        );
        Assert.Contains(
            "its issuer is not Authority (found https://login.example.com, expected ",
            (string?)fault["found"],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Metadata_without_an_introspection_endpoint_fails_the_metadata_step()
    {
        await using StubServer server = await StubServer.StartAsync(
            StubServer.Json(request => $$"""{ "issuer": "http://{{request.Host}}" }""")
        );

        AssertFault(
            await _check.RunAsync("--authority", server.Address.AbsoluteUri.TrimEnd('/')),
            "metadata",
            found: null,
            "Set IntrospectionEndpoint to the URL from the server's documentation, "
                + "or turn on introspection at the server if it is a plug-in there."
        );
    }

    [Fact]
    public async Task An_authority_without_metadata_fails_the_metadata_step()
    {
        await using StubServer server = await StubServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });

        AssertFault(
            await _check.RunAsync("--authority", server.Address.AbsoluteUri.TrimEnd('/')),
            "metadata",
            found: null,
            "Set Authority to the issuer, which is often longer than the host (https://server.example.com/realms/name). "
                + "If the server publishes no metadata, set IntrospectionEndpoint instead."
        );
    }
}

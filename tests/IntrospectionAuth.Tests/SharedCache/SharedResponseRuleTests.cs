using System.Net;
using System.Security.Cryptography.X509Certificates;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Certificates;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.DPoP;
using IntrospectionAuth.Tests.Support;
using IntrospectionAuth.Tests.Validation;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>A shared response is validated by the rules of the node that reads it, not of the one that obtained it.</summary>
public sealed class SharedResponseRuleTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server;
    private readonly InMemoryFleetEngine _engine;

    public SharedResponseRuleTests()
    {
        _server = FakeAuthorizationServer.Create(options => options.TimeProvider = _time);
        _engine = new InMemoryFleetEngine(_time);
    }

    public static TheoryData<string, Action<OAuthIntrospectionOptions>, bool> Rules =>
        new()
        {
            { "its issuer", options => options.ValidIssuers.Add("https://auth.example.com"), true },
            { "another issuer", options => options.ValidIssuers.Add("https://other.example.com"), false },
            { "its audience", options => options.Audiences.Add("orders"), true },
            { "another audience", options => options.Audiences.Add("invoices"), false },
            { "a claim that it has", options => options.RequiredClaims.Add("org_id"), true },
            { "a claim that it lacks", options => options.RequiredClaims.Add("workspace_id"), false },
            { "its use", options => options.AcceptedTokenUses.Add("machine"), true },
            { "access tokens alone", options => options.AcceptedTokenUses.Clear(), false },
        };

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task The_reading_node_decides_whether_a_shared_response_is_accepted(
        string rule,
        Action<OAuthIntrospectionOptions> configure,
        bool isAccepted
    )
    {
        await using FleetNode writer = await FleetNode.StartAsync(_server, _engine, AcceptMachines, _time);
        await using FleetNode reader = await FleetNode.StartAsync(_server, _engine, AcceptMachines + configure, _time);
        string token = Issue();
        await ShareAsync(writer, token);

        await reader.AssertStatusAsync(token, isAccepted ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
        await reader.AssertStatusAsync(token, isAccepted ? HttpStatusCode.OK : HttpStatusCode.Unauthorized); // from its memory

        await writer.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.True(_server.CallCount == 1, rule);
    }

    [Fact]
    public async Task A_response_that_no_rule_of_the_writing_node_accepts_is_shared_and_accepted_elsewhere()
    {
        await using FleetNode writer = await FleetNode.StartAsync(
            _server,
            _engine,
            options =>
            {
                AcceptMachines(options);
                options.Audiences.Add("invoices");
                options.RequiredClaims.Add("workspace_id");
            },
            _time
        );
        await using FleetNode reader = await FleetNode.StartAsync(_server, _engine, AcceptMachines, _time);
        string token = Issue();

        await writer.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        await _engine.WaitForEntriesAsync(1);

        await reader.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task A_token_that_is_bound_to_a_key_needs_its_proof_on_every_node()
    {
        using var key = new DPoPClientKey();
        using var other = new DPoPClientKey();
        await using FleetNode writer = await FleetNode.StartAsync(_server, _engine, time: _time);
        await using FleetNode reader = await FleetNode.StartAsync(_server, _engine, time: _time);
        string token = _server.IssueBoundToken(key, "read");
        using HttpResponseMessage shared = await writer.Api.ProveAsync(key, "/read", token);
        await _engine.WaitForEntriesAsync(1);

        using HttpResponseMessage asBearer = await reader.Api.GetAsync("/read", token);
        using HttpResponseMessage withOther = await reader.Api.ProveAsync(other, "/read", token);
        using HttpResponseMessage withKey = await reader.Api.ProveAsync(key, "/read", token);

        Assert.Equal(HttpStatusCode.OK, shared.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, asBearer.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, withOther.StatusCode);
        Assert.Equal(HttpStatusCode.OK, withKey.StatusCode);
        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task A_token_that_is_bound_to_a_certificate_needs_it_on_every_node()
    {
        using X509Certificate2 certificate = CertificateServer.CreateCertificate("client");
        using X509Certificate2 other = CertificateServer.CreateCertificate("client");
        await using FleetNode writer = await FleetNode.StartAsync(_server, _engine, time: _time);
        await using FleetNode reader = await FleetNode.StartAsync(_server, _engine, time: _time);
        string token = _server.IssueToken(it =>
        {
            it.Scopes = ["read"];
            it.Members["cnf"] = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["x5t#S256"] = CertificateApi.ThumbprintOf(certificate),
            };
        });
        Assert.Equal(200, await SendAsync(writer, token, certificate));
        await _engine.WaitForEntriesAsync(1);

        Assert.Equal(401, await SendAsync(reader, token, certificate: null));
        Assert.Equal(401, await SendAsync(reader, token, other));
        Assert.Equal(200, await SendAsync(reader, token, certificate));
        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task A_node_that_requires_proofs_accepts_no_shared_response_about_a_bearer_token()
    {
        await using FleetNode writer = await FleetNode.StartAsync(_server, _engine, AcceptMachines, _time);
        await using FleetNode reader = await FleetNode.StartAsync(
            _server,
            _engine,
            static options =>
            {
                AcceptMachines(options);
                options.RequireDPoP = true;
            },
            _time
        );
        using var key = new DPoPClientKey();
        string token = Issue();
        await ShareAsync(writer, token);

        await reader.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        using HttpResponseMessage proved = await reader.Api.ProveAsync(key, "/read", token);

        Assert.Equal(HttpStatusCode.Unauthorized, proved.StatusCode);
        Assert.Equal(1, _server.CallCount);
    }

    private static void AcceptMachines(OAuthIntrospectionOptions options) => options.AcceptedTokenUses.Add("machine");

    private static async Task<int> SendAsync(FleetNode node, string token, X509Certificate2? certificate)
    {
        var server = (TestServer)node.Api.Services.GetRequiredService<IServer>();
        HttpContext context = await server.SendAsync(request =>
        {
            request.Request.Method = "GET";
            request.Request.Path = "/read";
            request.Request.Headers.Authorization = "Bearer " + token;
            request.Connection.ClientCertificate = certificate;
        });
        return context.Response.StatusCode;
    }

    private async Task ShareAsync(FleetNode node, string token)
    {
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);
    }

    private string Issue() =>
        _server.IssueToken(token =>
        {
            token.Scopes = ["read"];
            token.Audiences = ["orders"];
            token.OrganizationId = "org-1";
            token.Members["token_use"] = "machine";
        });
}

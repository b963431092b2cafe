using System.Net;
using IntrospectionAuth.SharedCache;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>A removal is reported also if this process has not yet used the scheme.</summary>
public sealed class EarlyRemovalTests : IAsyncDisposable
{
    private const string Subject = "user";

    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly InMemoryFleetEngine _engine = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_hosted_service_that_starts_first_removes_from_every_node()
    {
        await using FleetNode running = await FleetNode.StartAsync(_server, _engine);
        string token = await UseAndRevokeAsync(running);

        await using FleetNode starting = await FleetNode.StartAsync(
            _server,
            _engine,
            services: static services =>
                services.Insert(
                    0,
                    ServiceDescriptor.Singleton<IHostedService>(static it => new Consumer(it.GetRequiredService<OAuthIntrospectionCache>()))
                )
        );

        await AssertRemovedAsync(running, token);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_program_without_a_host_removes_from_every_node(bool isDisposedAsynchronously)
    {
        await using FleetNode running = await FleetNode.StartAsync(_server, _engine);
        string token = await UseAndRevokeAsync(running);

        ServiceProvider program = HostlessProgram.Create(_server, new NodeEngine(_engine));
        program.GetRequiredService<OAuthIntrospectionCache>().RemoveSubject(Subject);
        if (isDisposedAsynchronously)
            await program.DisposeAsync();
        else
            ((IDisposable)program).Dispose();

        await AssertRemovedAsync(running, token);
    }

    [Fact]
    public async Task A_removal_is_reported_to_the_nodes_of_a_scheme_that_was_added_at_run_time()
    {
        await using FleetNode node = await FleetNode.StartAsync(
            _server,
            _engine,
            services: static services =>
                services.Configure<OAuthIntrospectionOptions>(
                    "later",
                    static options =>
                    {
                        options.IntrospectionEndpoint = "https://auth.example.com/introspect";
                        options.ClientId = "api";
                        options.ClientSecret = "secret";
                        options.SharedCache.Secrets.Add(FleetNode.OtherSecret);
                    }
                )
        );
        var schemes = node.Api.Services.GetRequiredService<IAuthenticationSchemeProvider>();
        Type handler = (await schemes.GetSchemeAsync(OAuthIntrospectionDefaults.AuthenticationScheme))!.HandlerType;
        schemes.AddScheme(new AuthenticationScheme("invalid", displayName: null, handler)); // it has no options
        schemes.AddScheme(new AuthenticationScheme("later", displayName: null, handler));

        node.Cache.RemoveSubject(Subject);

        string[] feeds = [FeedOf(FleetNode.Secret), FeedOf(FleetNode.OtherSecret)];
        foreach (string feed in feeds)
            await node.Engine.Operations.WaitForAsync(it => it == ("append", feed));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_removal_takes_effect_although_the_schemes_of_the_application_cannot_be_listed(bool fails)
    {
        await using FleetNode other = await FleetNode.StartAsync(_server, _engine);
        await using FleetNode node = await FleetNode.StartAsync(
            _server,
            _engine,
            services: static services => services.AddSingleton<IAuthenticationSchemeProvider, StoredSchemes>()
        );
        string token = await UseAndRevokeAsync(other);
        await _engine.WaitForEntriesAsync(1);
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        var schemes = (StoredSchemes)node.Api.Services.GetRequiredService<IAuthenticationSchemeProvider>();
        schemes.Listed = fails
            ? Task.FromException<IEnumerable<AuthenticationScheme>>(new IOException("The database is down."))
            : new TaskCompletionSource<IEnumerable<AuthenticationScheme>>().Task;

        node.Cache.RemoveSubject(Subject);

        await node.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        await AssertRemovedAsync(other, token);
    }

    private static string FeedOf(string secret) => new FleetSecret(Convert.FromBase64String(secret)).FeedName;

    private async Task<string> UseAndRevokeAsync(FleetNode node)
    {
        string token = _server.IssueToken(static it =>
        {
            it.Scopes = ["read"];
            it.Members["sub"] = Subject;
        });
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        _server.Revoke(token);
        return token;
    }

    private async Task AssertRemovedAsync(FleetNode node, string token)
    {
        await _engine.Messages.WaitForAsync(static _ => true);
        await node.Engine.CatchUpAsync();
        await node.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    /// <summary>A scheme provider of the application, which lists its schemes from a database.</summary>
    private sealed class StoredSchemes(IOptions<AuthenticationOptions> options) : AuthenticationSchemeProvider(options)
    {
        public Task<IEnumerable<AuthenticationScheme>>? Listed { get; set; }

        public override Task<IEnumerable<AuthenticationScheme>> GetAllSchemesAsync() => Listed ?? base.GetAllSchemesAsync();
    }

    private sealed class Consumer(OAuthIntrospectionCache cache) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            cache.RemoveSubject(Subject);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

using IntrospectionAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>A container that is disposed synchronously, as <c>using</c> does.</summary>
public sealed class SynchronousDisposeTests : IAsyncDisposable
{
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_ends(bool isShared)
    {
        NodeEngine? engine = isShared ? new NodeEngine(new InMemoryFleetEngine()) : null;
        ServiceProvider program = HostlessProgram.Create(_server, engine);
        OAuthIntrospectionResult result = await program.GetRequiredService<OAuthIntrospector>().IntrospectAsync(_server.IssueToken("read"));
        Assert.NotNull(result.Ticket);

        ((IDisposable)program).Dispose();

        Assert.Throws<ObjectDisposedException>(() => program.GetService<OAuthIntrospector>());
    }

    [Fact]
    public async Task It_ends_soon_although_the_engine_hangs()
    {
        var engine = new NodeEngine(new InMemoryFleetEngine());
        ServiceProvider program = HostlessProgram.Create(_server, engine);
        await program.GetRequiredService<OAuthIntrospector>().IntrospectAsync(_server.IssueToken("read"));
        engine.Hang();
        program.GetRequiredService<OAuthIntrospectionCache>().RemoveSubject("user");

        await Task.Run(((IDisposable)program).Dispose).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
    }
}

using IntrospectionAuth.Testing;

namespace Quickstart.Demo;

/// <summary>The behaviour of the authorization server.</summary>
internal enum ServerState
{
    Working,
    Down,
    Hanging,
    Garbage,
    Overloaded,
}

/// <summary>Breaks and repairs the authorization server.</summary>
internal sealed class ServerSwitch(FakeAuthorizationServer server)
{
    private readonly Lock _lock = new();

    public ServerState State { get; private set; }

    public void Set(ServerState state)
    {
        lock (_lock)
        {
            server.ResetBehavior();
            Break(state);
            State = state;
        }
    }

    private void Break(ServerState state)
    {
        switch (state)
        {
            case ServerState.Down:
                server.Disconnect();
                break;
            case ServerState.Hanging:
                server.NeverRespond();
                break;
            case ServerState.Garbage:
                server.RespondWith(200, "<!doctype html><title>Please log in</title>", "text/html");
                break;
            case ServerState.Overloaded:
                server.RespondWith(503, headers: [new("Retry-After", "3")]);
                break;
        }
    }
}

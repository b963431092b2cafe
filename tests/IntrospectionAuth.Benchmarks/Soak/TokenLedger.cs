using IntrospectionAuth.Benchmarks.OneShot;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Benchmarks.Soak;

/// <summary>Issues tokens, revokes some, and keeps expired and revoked ones to send them again.</summary>
internal sealed class TokenLedger
{
    private const int Live = 2_000,
        Ended = 500,
        WithoutScope = 20;

    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);

    private readonly FakeAuthorizationServer _server;
    private readonly TimeProvider _clock;
    private readonly SoakToken[] _live = new SoakToken[Live];
    private readonly SoakToken[] _ended = new SoakToken[Ended];
    private int _issued,
        _lastEnded;

    public TokenLedger(FakeAuthorizationServer server, TimeProvider clock)
    {
        _server = server;
        _clock = clock;
        for (int i = 0; i < Live; i++)
            _live[i] = Issue();
        Array.Fill(_ended, Invalid());
    }

    public int Issued => _issued;

    public int Revoked { get; private set; }

    public SoakToken AnyLive() => Volatile.Read(ref _live[Random.Shared.Next(Live)]);

    public SoakToken AnyEnded() => Volatile.Read(ref _ended[Random.Shared.Next(Ended)]);

    public static SoakToken Invalid() =>
        new()
        {
            Value = InvalidTokens.Create(),
            Subject = null,
            HasScope = true,
            ExpiresAt = DateTimeOffset.MinValue,
        };

    /// <summary>Revokes some tokens at every step, and replaces revoked and expired ones.</summary>
    public async Task RotateAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            for (int i = 0; i < 3; i++)
            {
                SoakToken token = AnyLive();
                if (token.EndsAt <= _clock.GetUtcNow())
                    continue; // it is revoked or expired already

                token.Revoke(value => _server.Revoke(value), _clock);
                Revoked++;
            }

            for (int i = 0; i < Live; i++)
            {
                SoakToken token = _live[i];
                if (token.EndsAt > _clock.GetUtcNow())
                    continue;

                _server.Revoke(token.Value); // frees the server's memory
                Volatile.Write(ref _live[i], Issue());
                Volatile.Write(ref _ended[_lastEnded++ % Ended], token);
            }

            _server.ClearCalls();
            await Task.Delay(s_step, _clock, CancellationToken.None);
        }
    }

    private SoakToken Issue()
    {
        int number = ++_issued;
        bool hasScope = number % WithoutScope != 0;
        DateTimeOffset expiresAt = _clock.GetUtcNow().AddSeconds(Random.Shared.Next(20, 90));
        string value = _server.IssueToken(token =>
        {
            token.Subject = "user-" + number;
            token.Scopes = hasScope ? ["read"] : ["write"];
            token.Lifetime = null;
            token.Members["exp"] = expiresAt.ToUnixTimeSeconds();
        });
        return new SoakToken
        {
            Value = value,
            Subject = "user-" + number,
            HasScope = hasScope,
            ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(expiresAt.ToUnixTimeSeconds()),
        };
    }
}

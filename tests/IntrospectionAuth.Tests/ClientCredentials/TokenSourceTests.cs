using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.ClientCredentials;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.ClientCredentials;

/// <summary>A timeout is blamed on the token endpoint only if it had at least half of the time.</summary>
public sealed class TokenSourceTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);

    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(2.4, nameof(UnavailableReason.ApplicationTimedOut))]
    [InlineData(2.5, nameof(UnavailableReason.TimedOut))]
    [InlineData(5, nameof(UnavailableReason.TimedOut))]
    public void A_timeout_is_that_of_the_server_if_it_had_half_of_the_time(double seconds, string cause)
    {
        TokenSource source = Create(static () => new InvalidOperationException());
        _time.Advance(s_timeout - TimeSpan.FromSeconds(seconds));
        source.NoteSent();
        _time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(cause, source.FindTimeoutCause(s_timeout).ToString());
    }

    [Fact]
    public async Task A_token_endpoint_that_hangs_is_blamed_by_a_call_that_waited_for_another_node_as_well()
    {
        OAuthIntrospectionOptions options = Options();
        options.Timeout = s_timeout;
        options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientCredentials;
        options.ClientCredentials.TokenEndpoint = "https://auth.example.com/token";
        var scheme = new IntrospectionScheme("api", options);
        var sent = new TaskCompletionSource();
        var response = new TaskCompletionSource<Outcome<ClientToken>>();
        using var call = new IntrospectionCall(scheme, "token", CancellationToken.None, waited: TimeSpan.FromSeconds(2.6));

        Task<Unavailability?> obtaining = ClientTokens
            .ObtainAsync(
                call,
                endpoint => new TokenSource(
                    scheme,
                    endpoint,
                    (_, self) =>
                    {
                        self.NoteSent();
                        sent.SetResult();
                        return response.Task;
                    }
                ),
                new CallCredential()
            )
            .AsTask();
        await sent.Task;
        _time.Advance(TimeSpan.FromSeconds(2.4));

        Assert.Equal(UnavailableReason.TimedOut, (await obtaining)!.Reason);
    }

    [Fact]
    public void The_time_of_the_next_request_is_that_of_this_API_until_it_is_sent()
    {
        TokenSource source = Create(static () => new InvalidOperationException());
        source.NoteSent();
        _time.Advance(s_timeout);
        source.NotePreparing();

        Assert.Equal(UnavailableReason.ApplicationTimedOut, source.FindTimeoutCause(s_timeout));
    }

    [Fact]
    public async Task An_exception_of_a_request_is_kept_as_the_reason()
    {
        TokenSource source = Create(static () => new TimeZoneNotFoundException());

        Outcome<ClientToken> outcome = await source.FindAsync(Options(), refused: null);

        Assert.Equal(UnavailableReason.Unreachable, outcome.Unavailability!.Reason);
        Assert.IsType<TimeZoneNotFoundException>(outcome.Unavailability.Exception);
    }

    private OAuthIntrospectionOptions Options() => new() { TimeProvider = _time };

    private TokenSource Create(Func<Exception> fail) =>
        new(new IntrospectionScheme("api", Options()), new Uri("https://auth.example.com/token"), (_, _) => throw fail());
}

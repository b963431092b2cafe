using System.Net;
using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntrospectionAuth.Tests.Http;

/// <summary>
/// A fetch retries on behalf of all callers that wait for it. No failure that it returns may be retried again: each of the callers would.
/// </summary>
public sealed class ServerFetchTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly OAuthIntrospectionOptions _options;
    private readonly ServerFetch _fetch = new(sender: null!, new RareMessages(), NullLogger<ServerFetch>.Instance);
    private int _attempts;

    public ServerFetchTests() => _options = new() { TimeProvider = _time };

    public static MatrixTheoryData<string, int> Reasons => new(Enum.GetNames<UnavailableReason>(), [0, 2]);

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task A_failure_that_outlasts_the_retries_is_not_retried_again(string reason, int retries)
    {
        _options.Resilience.Retries = retries;
        Unavailability transient = Transient(Enum.Parse<UnavailableReason>(reason));

        Unavailability returned = await FailAsync(_ => Task.FromResult<Outcome<string>>(transient));

        Assert.False(returned.MayBeRetried);
        Assert.Equal(transient, returned with { WasRetried = false });
        Assert.Equal(transient.MayBeRetried ? 1 + retries : 1, _attempts);
    }

    [Fact]
    public async Task Without_retries_a_failure_is_not_retried_again_either()
    {
        _options.Resilience.Enabled = false;

        Unavailability returned = await FailAsync(_ => throw new HttpRequestException("reset"));

        Assert.Equal((false, 1), (returned.MayBeRetried, _attempts));
    }

    [Fact]
    public async Task A_broken_connection_that_outlasts_the_retries_is_not_retried_again()
    {
        Unavailability returned = await FailAsync(_ => throw new IOException("reset"));

        Assert.Equal((UnavailableReason.Unreachable, false, 2), (returned.Reason, returned.MayBeRetried, _attempts));
    }

    [Fact]
    public async Task A_retry_that_exceeds_the_timeout_is_not_retried_again()
    {
        Unavailability returned = await FailAsync(_ =>
        {
            if (_attempts == 2)
                _time.Advance(_options.Timeout);
            throw new HttpRequestException("reset");
        });

        Assert.Equal((UnavailableReason.TimedOut, false, 2), (returned.Reason, returned.MayBeRetried, _attempts));
    }

    [Fact]
    public async Task A_success_after_a_failure_is_returned()
    {
        Outcome<string> outcome = await RunAsync(_ =>
            _attempts == 1 ? throw new HttpRequestException("reset") : Task.FromResult<Outcome<string>>("document")
        );

        Assert.Equal(("document", 2), (outcome.Value, _attempts));
    }

    /// <summary>A failure for this reason that would be retried if failures for this reason ever are.</summary>
    private static Unavailability Transient(UnavailableReason reason) =>
        new(reason) { StatusCode = HttpStatusCode.BadGateway, Exception = new HttpRequestException("reset") };

    private async Task<Unavailability> FailAsync(Func<CancellationToken, Task<Outcome<string>>> attempt) =>
        Assert.IsType<Unavailability>((await RunAsync(attempt)).Unavailability);

    private Task<Outcome<string>> RunAsync(Func<CancellationToken, Task<Outcome<string>>> attempt) =>
        _fetch.RunAsync(
            new IntrospectionScheme("scheme", _options),
            cancellationToken =>
            {
                _attempts++;
                return attempt(cancellationToken);
            },
            CancellationToken.None
        );
}

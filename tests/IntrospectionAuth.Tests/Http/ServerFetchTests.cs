using System.Net;
using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.Http;

/// <summary>
/// A fetch retries on behalf of all callers that wait for it. No failure that it returns may be retried again: each of the callers would.
/// </summary>
public sealed class ServerFetchTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly OAuthIntrospectionOptions _options;
    private readonly LogRecorder _log = new();
    private readonly ILoggerFactory _logging;
    private readonly ServerFetch _fetch;
    private HttpRequestMessage? _request;
    private int _attempts;

    public ServerFetchTests()
    {
        _options = new() { TimeProvider = _time };
        _logging = LoggerFactory.Create(logging => logging.AddProvider(_log));
        var clients = new FakeClients(request =>
        {
            _request = request;
            return Task.FromResult(new HttpResponseMessage());
        });
        _fetch = new(new RequestSender(clients), new RareMessages(), _logging.CreateLogger<ServerFetch>());
    }

    public void Dispose() => _logging.Dispose();

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

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_logged_once_not_for_each_attempt()
    {
        for (int i = 0; i < 3; i++)
            await FailAsync(static _ => throw new HttpRequestException("reset"));

        LogEntry entry = Assert.Single(_log.Entries, static entry => entry.Event.Name == "Unreachable");
        Assert.Equal(LogLevel.Error, entry.Level);
        Assert.StartsWith("Scheme scheme: the authorization server cannot be reached", entry.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, null, nameof(UnavailableReason.TimedOut))]
    [InlineData(false, nameof(UnavailableReason.ApplicationTimedOut), nameof(UnavailableReason.ApplicationTimedOut))]
    [InlineData(true, null, nameof(UnavailableReason.Stopped))]
    [InlineData(true, nameof(UnavailableReason.ApplicationTimedOut), nameof(UnavailableReason.Stopped))]
    public async Task An_attempt_that_ignores_its_cancellation_ends_with_its_cause(bool stops, string? cause, string reason)
    {
        using var stopping = new CancellationTokenSource();
        Task<Outcome<string>> run = RunAsync(
            static _ => new TaskCompletionSource<Outcome<string>>().Task,
            cause is null ? null : () => Enum.Parse<UnavailableReason>(cause),
            stopping.Token
        );

        if (stops)
            await stopping.CancelAsync();
        else
            _time.Advance(_options.Timeout);

        Unavailability returned = Assert.IsType<Unavailability>((await run.WaitAsync(TimeSpan.FromSeconds(20))).Unavailability);
        Assert.Equal(reason, returned.Reason.ToString());
        Assert.IsAssignableFrom<OperationCanceledException>(returned.Exception);
    }

    [Fact]
    public async Task A_document_is_requested_with_the_media_types_that_are_accepted()
    {
        var scheme = new IntrospectionScheme("scheme", _options);

        using HttpResponseMessage response = await _fetch.GetAsync(
            scheme,
            new Uri("https://auth.example.com/jwks"),
            CancellationToken.None,
            "application/jwk-set+json",
            "application/json"
        );

        Assert.Equal("GET https://auth.example.com/jwks", $"{_request!.Method} {_request.RequestUri}");
        Assert.Equal("application/jwk-set+json, application/json", _request.Headers.Accept.ToString());
    }

    /// <summary>A failure for this reason that would be retried if failures for this reason ever are.</summary>
    private static Unavailability Transient(UnavailableReason reason) =>
        new(reason) { StatusCode = HttpStatusCode.BadGateway, Exception = new HttpRequestException("reset") };

    private async Task<Unavailability> FailAsync(Func<CancellationToken, Task<Outcome<string>>> attempt) =>
        Assert.IsType<Unavailability>((await RunAsync(attempt)).Unavailability);

    private Task<Outcome<string>> RunAsync(
        Func<CancellationToken, Task<Outcome<string>>> attempt,
        Func<UnavailableReason>? findTimeoutCause = null,
        CancellationToken stopping = default
    ) =>
        _fetch.RunAsync(
            new IntrospectionScheme("scheme", _options),
            cancellationToken =>
            {
                if (++_attempts > 50) // Retries without an end would never give the thread back.
                    _time.Advance(_options.Timeout);
                cancellationToken.ThrowIfCancellationRequested();
                return attempt(cancellationToken);
            },
            stopping,
            findTimeoutCause
        );
}

using IntrospectionAuth.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.SecurityEvents;

/// <summary>Polls a transmitter for security event tokens as long as the application runs (RFC 8936).</summary>
/// <remarks>
/// A token is acknowledged by the poll after the one that returned it, when its events have been applied. If the application stops in
/// between, the transmitter sends it again.
/// </remarks>
internal sealed class SecurityEventPoller(SecurityEventPollerOptions options, IServiceProvider services) : BackgroundService
{
    private const string Source = "security_event_poll";
    private const string Caller = "AddSecurityEventPoller";

    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time = services.GetRequiredService<TimeProvider>();
    private readonly RareMessages _rare = services.GetRequiredService<RareMessages>();
    private readonly ILogger _logger = services.GetRequiredService<ILogger<SecurityEventPoller>>();
    private SecurityEventReceiver? _receiver;
    private PollAcknowledgements _acknowledgements = new();
    private int _failures;

    /// <exception cref="InvalidOperationException">An option is missing or invalid, or the scheme is not registered.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _receiver = SecurityEventReceivers.Create(Source, options, services, Caller);
        if (ServerUrl.FindFault(options.Endpoint, _receiver.Scheme.RequireHttps) is not null)
            throw new InvalidOperationException($"{Caller}: Endpoint is not an absolute https URL. Set the endpoint_url of the stream.");

        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var client = new PollClient(options, services.GetRequiredService<RequestSender>(), _time);
        while (!stoppingToken.IsCancellationRequested)
        {
            long startedAt = _time.GetTimestamp();
            PollOutcome outcome = await client.PollAsync(_acknowledgements, stoppingToken);
            TimeSpan pause;
            try
            {
                pause = outcome.Response is { } response ? await ProcessAsync(response, startedAt, stoppingToken) : Fail(outcome);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // An exception that leaves this method would stop the application.
                pause = Fail(new PollOutcome { Fault = "its events could not be applied", Exception = exception });
            }

            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, _time, stoppingToken);
        }
    }

    /// <returns>How long to wait for the next poll.</returns>
    private async Task<TimeSpan> ProcessAsync(PollResponse response, long startedAt, CancellationToken stoppingToken)
    {
        PollAcknowledgements sent = _acknowledgements;
        _acknowledgements = new PollAcknowledgements();
        bool hasNew = false;
        foreach ((string id, string? token) in response.Tokens)
        {
            SecurityEventReceipt receipt = token is null
                ? _receiver!.Refuse(SecurityEventError.InvalidRequest, "The token is not text.")
                : await _receiver!.ReceiveAsync(token, id, stoppingToken);
            if (receipt.IsUndecided)
                return Fail(new PollOutcome { Fault = "the keys that verify its events cannot be obtained" });

            hasNew |= !sent.Contains(id);
            if (receipt.Error is { } error)
                _acknowledgements.Refused[id] = error;
            else
                _acknowledgements.Accepted.Add(id);
        }

        Recover();

        // Events that were acknowledged and are sent again do not end the pause: a transmitter may ignore acknowledgements.
        return hasNew ? TimeSpan.Zero : options.Interval - _time.GetElapsedTime(startedAt);
    }

    /// <returns>How long to back off: twice as long after each failure, less up to a half so that nodes do not poll together.</returns>
    private TimeSpan Fail(PollOutcome outcome)
    {
        if (outcome.IsRefused)
            _acknowledgements = new PollAcknowledgements(); // The transmitter sends the tokens again.

        TimeSpan longest = s_firstPause * Math.Pow(2, Math.Min(_failures++, 10));
        TimeSpan pause = (longest < s_longestPause ? longest : s_longestPause) * (1 - Random.Shared.NextDouble() / 2);
        if (outcome.RequestedDelay > pause)
            pause = outcome.RequestedDelay.Value;
        if (_rare.IsDue(Source, nameof(Log.PollFailed), _time, out long suppressed))
            _logger.PollFailed(Source, outcome.Fault!, pause.TotalSeconds, suppressed, outcome.Exception);
        return pause;
    }

    private void Recover()
    {
        if (_failures == 0)
            return;

        _failures = 0;
        _rare.End(Source, nameof(Log.PollFailed));
        _logger.PollRecovered(Source);
    }
}

using System.Net;
using IntrospectionAuth.Introspection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Resilience;

/// <summary>Says that the server refuses this API's credentials: when it begins or changes, at most once a minute, and never once a request.</summary>
internal sealed class RefusalLog(string scheme, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private (HttpStatusCode?, string?)? _current;
    private DateTimeOffset _quietUntil = DateTimeOffset.MinValue;

    public void Note(IntrospectionResult result)
    {
        if (result.Unavailability is not { } unavailability)
            NoteAnswer();
        else if (unavailability.Reason == UnavailableReason.Refused)
            NoteRefusal(unavailability);
    }

    private void NoteAnswer()
    {
        if (_current is null)
            return;

        lock (_lock)
            _current = null;
    }

    private void NoteRefusal(Unavailability refusal)
    {
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (_current == (refusal.StatusCode, refusal.ErrorCode) || now < _quietUntil)
                return;

            _current = (refusal.StatusCode, refusal.ErrorCode);
            _quietUntil = now + s_interval;
        }

        logger.CredentialsRefused(scheme, (int)refusal.StatusCode!, refusal.ErrorCode ?? "none");
    }
}

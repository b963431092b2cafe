using IntrospectionAuth.Introspection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Resilience;

/// <summary>Says what is wrong with the server's answers: when it begins or changes, at most once a minute, and never once a request.</summary>
internal sealed class AnswerLog(string scheme, TimeProvider time, ILogger logger)
{
    // One for each kind: a token that the server finds odd must not silence what is wrong with the credentials.
    private readonly RareMessage _refusals = new(time);
    private readonly RareMessage _statuses = new(time);
    private readonly RareMessage _faults = new(time);

    public void Note(IntrospectionResult result)
    {
        if (result.Unavailability is { } unavailability)
        {
            NoteUnavailability(unavailability);
            return;
        }

        _refusals.End();
        _statuses.End();
        _faults.End();
    }

    private void NoteUnavailability(Unavailability unavailability)
    {
        switch (unavailability.Reason)
        {
            case UnavailableReason.Refused when _refusals.IsDue((unavailability.StatusCode, unavailability.ErrorCode)):
                logger.CredentialsRefused(scheme, (int)unavailability.StatusCode!, unavailability.ErrorCode ?? "none");
                break;
            case UnavailableReason.UnexpectedStatus when _statuses.IsDue((unavailability.StatusCode, null)):
                logger.UnexpectedStatus(scheme, (int)unavailability.StatusCode!);
                break;
            case UnavailableReason.NotAnAnswer when _faults.IsDue((null, unavailability.Fault)):
                logger.NotAnAnswer(scheme, unavailability.Fault!);
                break;
            case UnavailableReason.NotDiscovered when _faults.IsDue((null, unavailability.Fault)):
                logger.NotDiscovered(scheme, unavailability.Fault!);
                break;
            case UnavailableReason.NotIssued when _refusals.IsDue((null, unavailability.Fault)):
                logger.TokenNotIssued(scheme, unavailability.Fault!);
                break;
            case UnavailableReason.ServerKeysNotFound when _faults.IsDue((null, unavailability.Fault)):
                logger.ServerKeysNotFound(scheme, unavailability.Fault!);
                break;
        }
    }
}

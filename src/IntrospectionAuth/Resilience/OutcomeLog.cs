using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Telemetry;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Resilience;

/// <summary>Logs what is wrong with the server's responses: when it begins or changes, and at most once a minute.</summary>
internal sealed class OutcomeLog(string scheme, TimeProvider time, CredentialEvidence evidence, RareMessages rare, ILogger logger)
{
    private const string UnknownUrl = "not known";

    // One per kind: a status about one token must not suppress a message about the credentials.
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

        switch (result.Basis)
        {
            case InactiveBasis.TokenType:
                if (rare.IsDue(scheme, nameof(Log.TokenTypeNotSupported), time, out long suppressed))
                    logger.TokenTypeNotSupported(scheme, suppressed);
                break;
            case InactiveBasis.StatusCode:
                if (evidence.IsDoubtful && rare.IsDue(scheme, nameof(Log.OnlyInactiveStatuses), time, out suppressed))
                    logger.OnlyInactiveStatuses(scheme, CredentialEvidence.ManyInARow, suppressed);
                break;
            default:
                _refusals.End();
                _statuses.End();
                _faults.End();
                break;
        }
    }

    private void NoteUnavailability(Unavailability unavailability)
    {
        Remedy remedy = UnavailabilityRemedies.Of(unavailability);
        string url = unavailability.Url ?? UnknownUrl;
        string status = UnavailabilityDescription.OfStatus(unavailability);
        switch (unavailability.Reason)
        {
            case UnavailableReason.Refused when _refusals.IsDue((unavailability.StatusCode, unavailability.ErrorCode)):
                logger.CredentialsRefused(scheme, (int?)unavailability.StatusCode ?? 0, unavailability.ErrorCode ?? "none", remedy, url);
                break;
            case UnavailableReason.UnexpectedStatus when _statuses.IsDue((unavailability.StatusCode, unavailability.ErrorCode)):
                logger.UnexpectedStatus(scheme, status, remedy, url);
                break;
            case UnavailableReason.InvalidResponse when _faults.IsDue((null, unavailability.Fault)):
                logger.InvalidResponse(scheme, unavailability.Fault!, remedy, url);
                break;
            case UnavailableReason.NotDiscovered when _faults.IsDue((null, unavailability.Fault)):
                logger.DiscoveryFailed(scheme, unavailability.Fault!, remedy);
                break;
            case UnavailableReason.NotIssued when _refusals.IsDue((null, unavailability.Fault)):
                logger.TokenNotIssued(scheme, unavailability.Fault!, remedy);
                break;
            case UnavailableReason.ServerKeysNotFound when _faults.IsDue((null, unavailability.Fault)):
                logger.ServerKeysUnavailable(scheme, unavailability.Fault!, remedy);
                break;
        }
    }
}

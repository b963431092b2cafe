using System.Globalization;
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
    private const string DefaultAdvice = "Check ClientCredentials, ClientId and what belongs to the client.";

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
        switch (unavailability.Reason)
        {
            case UnavailableReason.Refused when _refusals.IsDue((unavailability.StatusCode, unavailability.ErrorCode)):
                logger.CredentialsRefused(
                    scheme,
                    (int?)unavailability.StatusCode ?? 0,
                    unavailability.ErrorCode ?? "none",
                    unavailability.Advice,
                    unavailability.Url ?? UnknownUrl
                );
                break;
            case UnavailableReason.UnexpectedStatus when _statuses.IsDue((unavailability.StatusCode, unavailability.ErrorCode)):
                logger.UnexpectedStatus(scheme, Describe(unavailability), Hint(unavailability), unavailability.Url ?? UnknownUrl);
                break;
            case UnavailableReason.InvalidResponse when _faults.IsDue((null, unavailability.Fault)):
                logger.InvalidResponse(scheme, unavailability.Fault!, unavailability.Url ?? UnknownUrl);
                break;
            case UnavailableReason.NotDiscovered when _faults.IsDue((null, unavailability.Fault)):
                logger.DiscoveryFailed(scheme, unavailability.Fault!);
                break;
            case UnavailableReason.NotIssued when _refusals.IsDue((null, unavailability.Fault)):
                logger.TokenNotIssued(
                    scheme,
                    unavailability.Fault ?? "none but the one that is refused",
                    unavailability.Advice ?? DefaultAdvice
                );
                break;
            case UnavailableReason.ServerKeysNotFound when _faults.IsDue((null, unavailability.Fault)):
                logger.ServerKeysUnavailable(scheme, unavailability.Fault!);
                break;
        }
    }

    private static string Describe(Unavailability unavailability)
    {
        string status = ((int?)unavailability.StatusCode ?? 0).ToString(CultureInfo.InvariantCulture);
        return unavailability.ErrorCode is { } code ? $"{status}, error code {code}" : status;
    }

    private static string Hint(Unavailability unavailability)
    {
        if (unavailability.MayMeanInactive)
        {
            return " InactiveStatusCodes has this status, which counts once the server has given these credentials "
                + "an active or inactive response.";
        }

        int status = (int?)unavailability.StatusCode ?? 0;
        string hint = status switch
        {
            >= 300 and < 400 => $" It redirects to {unavailability.Location ?? "another URL"}, and redirects are never followed: set "
                + "IntrospectionEndpoint to the final URL.",
            404 or 405 or 410 => " Check IntrospectionEndpoint; if it is not set, check Authority, whose metadata names this URL.",
            _ => "",
        };
        return InactiveStatus.CanBeMeant(status)
            ? hint + " If the server responds to unknown tokens in this way, add the status to InactiveStatusCodes."
            : hint;
    }
}

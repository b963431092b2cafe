using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Resilience;

/// <summary>
/// Records whether the server has accepted the current credentials of this API: only then can an error status be about the token.
/// </summary>
/// <remarks>The record starts again with another secret, method or server, and with another token or key of the same client.</remarks>
internal sealed class CredentialEvidence(TimeProvider time)
{
    /// <summary>How many statuses in a row may mean inactive tokens before it is doubtful that they do.</summary>
    public const int ManyInARow = 10;

    private static readonly TimeSpan s_minimumTime = TimeSpan.FromMinutes(1);
    private static readonly object s_unchanging = new(); // represents a secret, or another credential that cannot be renewed

    private readonly Lock _lock = new();
    private object? _accepted;
    private int _inARow;
    private long _begunAt; // timestamp

    /// <summary>
    /// Whether the only responses for a while were statuses that mean inactive tokens, so that the credentials may be wrong.
    /// </summary>
    public bool IsDoubtful
    {
        get
        {
            lock (_lock)
                return _inARow >= ManyInARow && time.GetElapsedTime(_begunAt) >= s_minimumTime;
        }
    }

    /// <summary>Records the result, and decides what a status means that may be about the token.</summary>
    /// <param name="result">The result.</param>
    /// <param name="credential">The credential of the call; null when it cannot be renewed.</param>
    /// <param name="isProbe">Whether the token is random: then an inactive response says nothing.</param>
    public IntrospectionResult Judge(IntrospectionResult result, object? credential, bool isProbe)
    {
        if (result.IsResponse)
            NoteAccepted(credential ?? s_unchanging);
        if (result.Unavailability is not { } unavailability || !IsAccepted(credential ?? s_unchanging))
            return result;
        if (unavailability.MayMeanInactive)
            return Inactive(result.ObtainedAt, isProbe);
        if (unavailability.MayBeAboutToken)
            return IntrospectionResult.Unavailable(result.ObtainedAt, unavailability.AsUnexpectedStatus());
        return result;
    }

    private IntrospectionResult Inactive(DateTimeOffset obtainedAt, bool isProbe)
    {
        if (!isProbe)
        {
            lock (_lock)
            {
                if (_inARow++ == 0)
                    _begunAt = time.GetTimestamp();
            }
        }

        return IntrospectionResult.Inactive(obtainedAt, InactiveBasis.StatusCode);
    }

    private bool IsAccepted(object credential)
    {
        lock (_lock)
            return Equals(_accepted, credential);
    }

    private void NoteAccepted(object credential)
    {
        lock (_lock)
        {
            _accepted = credential;
            _inARow = 0;
        }
    }
}

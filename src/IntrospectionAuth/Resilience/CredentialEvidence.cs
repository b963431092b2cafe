using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Resilience;

/// <summary>
/// Knows whether the server has accepted the credentials that this API has now: only then can a bare status be about the token.
/// </summary>
/// <remarks>
/// Another secret, method or server has another guard, and so begins without evidence; another token or key of the same client does, too.
/// </remarks>
internal sealed class CredentialEvidence(TimeProvider time)
{
    /// <summary>
    /// So many statuses in a row that are taken for inactive tokens, over so long a time, are worth an operator's attention.
    /// </summary>
    public const int ManyInARow = 10;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);
    private static readonly object s_unchanging = new(); // stands for a secret, or whatever else cannot be obtained anew

    private readonly Lock _lock = new();
    private object? _accepted;
    private int _inARow;
    private long _begunAt; // timestamp

    /// <summary>Whether it has been doubtful for a while that those statuses are about tokens: nothing else has come.</summary>
    public bool IsDoubtful
    {
        get
        {
            lock (_lock)
                return _inARow >= ManyInARow && time.GetElapsedTime(_begunAt) >= s_patience;
        }
    }

    /// <summary>Takes note of what came of asking, and decides what a status means that may be about the token.</summary>
    /// <param name="result">What came of asking.</param>
    /// <param name="credential">With what the call was authenticated, as far as it can be obtained anew.</param>
    /// <param name="isProbe">Whether the token was made up: then its being unknown says nothing.</param>
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

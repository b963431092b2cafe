namespace IntrospectionAuth.ClientAuthentication;

/// <summary>Repeats a call whose credentials the server has refused, once, when others can be had; at most once a minute it is tried to obtain others.</summary>
/// <remarks>
/// One of the calls whose credential is refused obtains another; those refused with the same one wait for it, and are repeated too. So a crowd does well when keys change, and
/// credentials that are simply wrong do not double the traffic.
/// </remarks>
internal sealed class CredentialRenewal(TimeProvider time)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private CallCredential? _latest;
    private long _begunAt; // timestamp

    /// <returns>The credential to repeat the call with; null when the rejection stands.</returns>
    /// <remarks>The caller settles it when the call has ended.</remarks>
    public async ValueTask<CallCredential?> FindNextAsync(CallCredential rejected, CancellationToken cancellationToken)
    {
        if (rejected.Used is not { } refused)
            return null;

        Task<bool> isNew;
        lock (_lock)
        {
            bool isRecent = _latest is not null && (!_latest.IsSettled || time.GetElapsedTime(_begunAt) < s_interval);
            if (!isRecent)
            {
                _begunAt = time.GetTimestamp();
                return _latest = new CallCredential(refused, isRenewal: true);
            }

            if (!Equals(_latest!.Refused, refused))
                return null;
            isNew = _latest.IsNewAsync;
        }

        try
        {
            return await isNew.WaitAsync(cancellationToken) ? new CallCredential(refused) : null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}

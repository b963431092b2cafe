namespace IntrospectionAuth.ClientAuthentication;

/// <summary>Lets a call whose credential was rejected be repeated once with another one, which is obtained at most once a minute.</summary>
/// <remarks>
/// One of the rejected calls obtains the next credential. The others that used the same one wait for it and are repeated too. So all calls
/// succeed when a key changes, and wrong credentials do not double the traffic.
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

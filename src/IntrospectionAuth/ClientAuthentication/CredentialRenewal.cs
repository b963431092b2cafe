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

    /// <summary>Makes a call, and repeats it if the server refuses the credential and there is another one.</summary>
    public async Task<T> AskAsync<T>(Func<CallCredential, Task<T>> ask, Func<T, bool> isRefusal, CancellationToken cancellationToken)
    {
        var credential = new CallCredential();
        T result = await ask(credential);
        if (credential.Used is not { } refused || !isRefusal(result) || await FindNextAsync(refused, cancellationToken) is not { } next)
            return result;

        try
        {
            T repeated = await ask(next);
            return next.IsRefusedOne ? result : repeated;
        }
        finally
        {
            next.Settle();
        }
    }

    /// <returns>With what to repeat the call; null when the refusal stands.</returns>
    private async ValueTask<CallCredential?> FindNextAsync(object refused, CancellationToken cancellationToken)
    {
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

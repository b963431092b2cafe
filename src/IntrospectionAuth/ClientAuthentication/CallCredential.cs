namespace IntrospectionAuth.ClientAuthentication;

/// <summary>The credential of one request, if it can be renewed: a key or certificate in a file, or a token.</summary>
/// <param name="refused">The credential that the server has rejected, when the request is a repetition.</param>
/// <param name="isRenewal">Whether this request obtains the next credential.</param>
internal sealed class CallCredential(object? refused = null, bool isRenewal = false)
{
    private readonly TaskCompletionSource<bool> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public object? Refused { get; } = refused;

    public bool IsRenewal { get; } = isRenewal;

    /// <summary>The credential that the request uses; null when it cannot be renewed: a secret, or a key in code.</summary>
    public object? Used { get; set; }

    /// <summary>Whether the only credential is the rejected one, so that the request is not sent again.</summary>
    public bool IsRefusedOne => Refused is not null && Equals(Used, Refused);

    /// <summary>Whether the credential is another one than the rejected one.</summary>
    public bool IsNew => Used is not null && !IsRefusedOne;

    public bool IsSettled => _settled.Task.IsCompleted;

    /// <summary>The value of <see cref="IsNew"/>, once the credential is settled.</summary>
    public Task<bool> IsNewAsync => _settled.Task;

    /// <summary>Marks <see cref="Used"/> as final.</summary>
    public void Settle() => _settled.TrySetResult(IsNew);
}

namespace IntrospectionAuth.ClientAuthentication;

/// <summary>With what one request is authenticated, as far as it can be obtained anew.</summary>
/// <param name="refused">What the server has refused, when the request is a repetition.</param>
/// <param name="isRenewal">Whether it is up to this request to obtain another one.</param>
internal sealed class CallCredential(object? refused = null, bool isRenewal = false)
{
    private readonly TaskCompletionSource<bool> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public object? Refused { get; } = refused;

    public bool IsRenewal { get; } = isRenewal;

    /// <summary>What the request is authenticated with; null when nothing else could be obtained: a secret, or a key that is in code.</summary>
    public object? Used { get; set; }

    /// <summary>Whether there is nothing but what the server has refused: to send it again would be in vain.</summary>
    public bool IsRefusedOne => Refused is not null && Equals(Used, Refused);

    /// <summary>Whether there is another credential than the refused one.</summary>
    public bool IsNew => Used is not null && !IsRefusedOne;

    public bool IsSettled => _settled.Task.IsCompleted;

    /// <summary>The same, as soon as it is known.</summary>
    public Task<bool> IsNewAsync => _settled.Task;

    /// <summary>Says that nothing more will come.</summary>
    public void Settle() => _settled.TrySetResult(IsNew);
}

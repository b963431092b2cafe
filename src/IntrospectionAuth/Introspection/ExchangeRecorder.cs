namespace IntrospectionAuth.Introspection;

/// <summary>Decides whether exchanges with the introspection endpoint are recorded.</summary>
internal sealed class ExchangeRecorder
{
    private volatile bool _isEnabled;

    /// <summary>Whether exchanges are recorded. The log of decisions sets it.</summary>
    public bool IsEnabled
    {
        get => _isEnabled;
        set => _isEnabled = value;
    }

    /// <returns>The recording of an exchange that begins; null when none is wanted.</returns>
    public ExchangeRecording? Begin(ClientAuthenticationContext request) => _isEnabled ? new ExchangeRecording(request) : null;
}

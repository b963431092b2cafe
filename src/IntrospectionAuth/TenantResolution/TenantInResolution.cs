namespace IntrospectionAuth.TenantResolution;

/// <summary>A tenant that is being resolved, for all requests that wait for it.</summary>
internal sealed class TenantInResolution(string name, OAuthIntrospectionOptions schemeOptions)
{
    private volatile bool _isSuperseded;

    public string Name => name;

    /// <summary>The options to which those of the tenant are added.</summary>
    public OAuthIntrospectionOptions SchemeOptions => schemeOptions;

    /// <summary>The options of the tenant as far as they are set; null before that begins.</summary>
    public OAuthIntrospectionOptions? Options { get; set; }

    /// <summary>Whether the tenant was removed, or the options of the scheme changed, since this began. It has no effect then.</summary>
    public bool IsSuperseded
    {
        get => _isSuperseded;
        set => _isSuperseded = value;
    }

    public Tenant? Tenant { get; set; }

    public AbsentTenant? Absent { get; set; }

    public TaskCompletionSource Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

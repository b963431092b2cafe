namespace IntrospectionAuth.SecurityEvents;

/// <summary>What became of a security event token.</summary>
internal readonly struct SecurityEventReceipt
{
    /// <summary>The token was processed, now or before. Its sender need not send it again.</summary>
    public static readonly SecurityEventReceipt Accepted;

    /// <summary>Nothing is known about the token, because keys cannot be obtained. Its sender should send it again.</summary>
    public static SecurityEventReceipt Undecided => new() { IsUndecided = true };

    public bool IsUndecided { get; private init; }

    public SecurityEventError? Error { get; private init; }

    public static SecurityEventReceipt Refused(SecurityEventError error) => new() { Error = error };
}

namespace IntrospectionAuth.Calls;

/// <summary>
/// Whether what a call has brought was out of date before it arrived: superseded. Such a result is not kept, and as far as time allows it
/// is asked for again.
/// </summary>
internal enum SupersededBy
{
    Nothing,

    /// <summary>A removal came after the server was asked.</summary>
    Removal,

    /// <summary>The result is active, and a call that asked later has learned that the token is not.</summary>
    NewerResult,
}

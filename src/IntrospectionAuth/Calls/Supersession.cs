namespace IntrospectionAuth.Calls;

/// <summary>The newer fact that makes the result of a call unusable. <see cref="InFlightCalls"/> defines the term.</summary>
internal enum Supersession
{
    None,

    /// <summary>A removal that matches the result came after the server was asked.</summary>
    Removal,

    /// <summary>The result is active, and a call that asked later found the token inactive.</summary>
    NewerResult,
}

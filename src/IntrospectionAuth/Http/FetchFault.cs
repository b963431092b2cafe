namespace IntrospectionAuth.Http;

/// <summary>Why a fetch was thrown out of its way.</summary>
internal enum FetchFault
{
    /// <summary>The connection failed, or a handler threw.</summary>
    Unreachable,

    TimedOut,

    /// <summary>The application stops.</summary>
    Stopped,
}

namespace IntrospectionAuth.Responses;

/// <summary>Whether a response refuses this API's credentials.</summary>
internal enum CredentialRefusal
{
    /// <summary>It does not: it is about the token, the request or the server.</summary>
    No,

    /// <summary>It may: 400 without a telling error code, by which some servers refuse credentials, and others a token.</summary>
    Maybe,

    /// <summary>It does.</summary>
    Yes,

    /// <summary>It does, and says so of the client by name: whatever the status, it is not about the token.</summary>
    OfClient,
}

namespace IntrospectionAuth.Responses;

/// <summary>Whether a response rejects this API's credentials.</summary>
internal enum CredentialRefusal
{
    /// <summary>No: the response is about the token, the request or the server.</summary>
    No,

    /// <summary>Perhaps: 400 without a specific error code. Some servers use it for credentials, others for a token.</summary>
    Maybe,

    /// <summary>Yes.</summary>
    Yes,

    /// <summary>Yes, with an error code about the client: regardless of the status, it is not about the token.</summary>
    OfClient,
}

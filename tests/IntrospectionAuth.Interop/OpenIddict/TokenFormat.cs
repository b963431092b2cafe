namespace IntrospectionAuth.Interop.OpenIddict;

/// <summary>What an access token of OpenIddict looks like to its holder.</summary>
public enum TokenFormat
{
    /// <summary>An opaque reference to what the server has stored.</summary>
    Reference,

    /// <summary>A signed JWT.</summary>
    Jwt,

    /// <summary>A JWT that is signed and encrypted, the default.</summary>
    Encrypted,
}

using IntrospectionAuth.Testing.Tokens;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Testing.Providers;

/// <summary>The differences between authorization servers.</summary>
internal abstract class ImitatedProvider
{
    public abstract string IntrospectionPath { get; }

    /// <summary>The issuer; null for the address of the server.</summary>
    public virtual string? Issuer => null;

    /// <summary>The only client authentication method; null for all.</summary>
    public virtual string? ClientAuthenticationMethod => null;

    /// <summary>Whether the server signs responses on request, and publishes its metadata and keys.</summary>
    public virtual bool SignsResponses => false;

    /// <summary>The status for missing or wrong credentials.</summary>
    public virtual int InvalidClientStatus => StatusCodes.Status401Unauthorized;

    public static ImitatedProvider Of(FakeAuthorizationServerProvider provider) =>
        provider switch
        {
            FakeAuthorizationServerProvider.Rfc7662 => new Rfc7662Provider(),
            FakeAuthorizationServerProvider.Attio => new AttioProvider(),
            FakeAuthorizationServerProvider.WorkOS => new WorkOSProvider(),
            FakeAuthorizationServerProvider.VMwareCloud => new VMwareCloudProvider(),
            _ => throw new ArgumentOutOfRangeException(nameof(provider), provider, "Unknown provider."),
        };

    /// <summary>Sets the default values of a new token.</summary>
    public abstract void SetDefaults(FakeToken token);

    /// <summary>Creates the introspection response of a token.</summary>
    public IssuedToken Issue(FakeToken token, DateTimeOffset now)
    {
        long? expiresAt = token.Lifetime is { } lifetime ? (now + lifetime).ToUnixTimeSeconds() : null;
        TokenMembers members = new();
        Describe(token, now.ToUnixTimeSeconds(), expiresAt, members);
        foreach ((string name, object? value) in token.Members)
            members.Replace(name, value);

        return new IssuedToken(members.ToJson(), expiresAt);
    }

    /// <summary>Lists the members of the response in the order of the server.</summary>
    protected abstract void Describe(FakeToken token, long issuedAt, long? expiresAt, TokenMembers members);
}

using IntrospectionAuth.Testing.Tokens;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Testing.Forms;

/// <summary>What differs from one kind of authorization server to the next.</summary>
internal abstract class ServerForm
{
    public abstract string IntrospectionPath { get; }

    /// <summary>The issuer, where it is not the server's own address.</summary>
    public virtual string? Issuer => null;

    /// <summary>The only client authentication method, or null for any.</summary>
    public virtual string? ClientAuthenticationMethod => null;

    /// <summary>Whether the server signs answers for who asks for signed ones, and publishes its metadata and keys.</summary>
    public virtual bool SignsResponses => false;

    /// <summary>The status for credentials that are missing or wrong.</summary>
    public virtual int InvalidClientStatus => StatusCodes.Status401Unauthorized;

    public static ServerForm Of(FakeAuthorizationServerForm form) =>
        form switch
        {
            FakeAuthorizationServerForm.Rfc7662 => new Rfc7662Form(),
            FakeAuthorizationServerForm.Attio => new AttioForm(),
            FakeAuthorizationServerForm.WorkOS => new WorkOSForm(),
            FakeAuthorizationServerForm.VMwareCloud => new VMwareCloudForm(),
            _ => throw new ArgumentOutOfRangeException(nameof(form), form, "Unknown form of authorization server."),
        };

    /// <summary>Fills a new token with what the server would say by default.</summary>
    public abstract void SetDefaults(FakeToken token);

    /// <summary>Fixes what the server will say about a token from now on.</summary>
    public IssuedToken Issue(FakeToken token, DateTimeOffset now)
    {
        long? expiresAt = token.Lifetime is { } lifetime ? (now + lifetime).ToUnixTimeSeconds() : null;
        TokenMembers members = new();
        Describe(token, now.ToUnixTimeSeconds(), expiresAt, members);
        foreach ((string name, object? value) in token.Members)
            members.Replace(name, value);

        return new IssuedToken(members.ToJson(), expiresAt);
    }

    /// <summary>Lists the members of the answer about a token, in the server's order.</summary>
    protected abstract void Describe(FakeToken token, long issuedAt, long? expiresAt, TokenMembers members);
}

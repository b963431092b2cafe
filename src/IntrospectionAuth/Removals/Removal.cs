using System.Security.Cryptography;
using System.Text;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Removals;

/// <summary>What to remove: one token, every token whose response has a member with a value, or every token of a scheme.</summary>
/// <remarks>It is not a record, whose <c>ToString</c> would print the token or the subject.</remarks>
internal readonly struct Removal
{
    private Removal(RemovalKind kind, string value)
    {
        Kind = kind;
        Value = value;
    }

    public RemovalKind Kind { get; }

    /// <summary>The token, the value of the member, or the name of the scheme.</summary>
    public string Value { get; }

    public static Removal Everything { get; } = new(RemovalKind.Everything, "");

    public static Removal OfToken(string token) => new(RemovalKind.Token, token);

    public static Removal OfScheme(string scheme) => new(RemovalKind.Scheme, scheme);

    public static Removal Of(RemovalKind kind, string value) => new(kind, value);

    /// <summary>Where tokens are kept longer than a call: no token is a key or a value in memory.</summary>
    public static string HashToken(string token) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <returns>The member of the response that has the value; null for a token, a scheme and everything.</returns>
    public static string? MemberOf(RemovalKind kind) =>
        kind switch
        {
            RemovalKind.Subject => MemberNames.Subject,
            RemovalKind.Session => MemberNames.SessionId,
            RemovalKind.Client => MemberNames.ClientId,
            RemovalKind.Organization => MemberNames.OrganizationId,
            RemovalKind.Workspace => MemberNames.WorkspaceId,
            _ => null,
        };
}

using System.Security.Claims;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Claims;

/// <summary>
/// The claims of an identity, each created on first use. It is itself a claim: the only one in the private list of the base class, as a
/// placeholder for all others.
/// </summary>
/// <remarks>
/// The constructors of <see cref="ClaimsIdentity"/> that copy an identity call none of its methods. They read its private list and clone
/// each claim in it, so <see cref="Clone"/> adds all claims to the copy, through <see cref="ClaimsIdentity.AddClaim"/>.
/// </remarks>
internal sealed class DeferredClaims(
    IntrospectionResponse response,
    IDictionary<string, string> mappings,
    string issuer,
    ClaimsIdentity subject
) : Claim("deferred", "", ClaimValueTypes.String, issuer, issuer, subject)
{
    private Claim?[]? _single;
    private List<Claim>? _all;

    public IntrospectionResponse Response => response;

    private MemberValue[] Members => ClaimMapper.Map(response, mappings);

    /// <summary>Whether the list of all claims exists. It may have been changed, so the members no longer describe the claims.</summary>
    public bool AreCreated => _all is not null;

    /// <summary>All claims: always the same list with the same objects.</summary>
    public List<Claim> All => _all ?? Interlocked.CompareExchange(ref _all, CreateAll(), null) ?? _all;

    /// <summary>Finds claims while the result is enumerated, like <see cref="ClaimsIdentity.FindAll(string)"/>.</summary>
    public IEnumerable<Claim> Find(string type)
    {
        if (_all is { } all)
        {
            foreach (Claim claim in all)
            {
                if (IsSameType(claim.Type, type))
                    yield return claim;
            }

            yield break;
        }

        MemberValue[] members = Members;
        for (int i = 0; i < members.Length; i++)
        {
            if (IsSameType(members[i].Name, type))
                yield return GetOrCreate(members, i);
        }
    }

    public Claim? FindFirst(string type)
    {
        MemberValue[] members = Members;
        for (int i = 0; i < members.Length; i++)
        {
            if (IsSameType(members[i].Name, type))
                return GetOrCreate(members, i);
        }

        return null;
    }

    public bool HasMember(string type, string value)
    {
        foreach (MemberValue member in Members)
        {
            if (IsSameType(member.Name, type) && string.Equals(member.Text, value, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    public override Claim Clone(ClaimsIdentity? identity)
    {
        ArgumentNullException.ThrowIfNull(identity);

        List<Claim> claims = All;
        for (int i = 0; i < claims.Count - 1; i++)
            identity.AddClaim(claims[i].Clone(identity));
        return claims[^1].Clone(identity);
    }

    /// <summary>Compares like <see cref="DeferredIdentity"/>, whose base class does so after the claims are created.</summary>
    private static bool IsSameType(string type, string other) => string.Equals(type, other, StringComparison.Ordinal);

    private Claim GetOrCreate(MemberValue[] members, int index)
    {
        Claim?[] single = _single ?? Interlocked.CompareExchange(ref _single, new Claim?[members.Length], null) ?? _single;
        return single[index] ?? Interlocked.CompareExchange(ref single[index], Create(members[index]), null) ?? single[index]!;
    }

    private List<Claim> CreateAll()
    {
        MemberValue[] members = Members;
        var claims = new List<Claim>(members.Length);
        for (int i = 0; i < members.Length; i++)
            claims.Add(GetOrCreate(members, i));
        return claims;
    }

    private Claim Create(in MemberValue member) => new(member.Name, member.Text, member.ValueType, Issuer, OriginalIssuer, Subject);
}

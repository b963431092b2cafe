using System.Security.Claims;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Claims;

/// <summary>The claims of an identity, each made when somebody asks for it. It is a claim itself: it stands for them all in the base class's own list.</summary>
/// <remarks>
/// The constructors of <see cref="ClaimsIdentity"/> that copy another identity call none of its methods: they read its own list. But they clone each
/// claim in it for the copy, and this one's clone is all of them. A derived class that overrides <see cref="ClaimsIdentity.AddClaim"/> sees them go there.
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

    /// <summary>Whether somebody has asked for all claims, and so may have changed them: the members then say nothing any more.</summary>
    public bool AreMade => _all is not null;

    /// <summary>All claims. It is the same list, with the same claims, whoever asks and however often.</summary>
    public List<Claim> All => _all ?? Interlocked.CompareExchange(ref _all, MakeAll(), null) ?? _all;

    /// <summary>Finds claims as <see cref="ClaimsIdentity.FindAll(string)"/> does: when the result is read, and not before.</summary>
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
                yield return Make(members, i);
        }
    }

    public Claim? FindFirst(string type)
    {
        MemberValue[] members = Members;
        for (int i = 0; i < members.Length; i++)
        {
            if (IsSameType(members[i].Name, type))
                return Make(members, i);
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

    private static bool IsSameType(string type, string other) => string.Equals(type, other, StringComparison.OrdinalIgnoreCase); // as ClaimsIdentity compares

    private Claim Make(MemberValue[] members, int index)
    {
        Claim?[] single = _single ?? Interlocked.CompareExchange(ref _single, new Claim?[members.Length], null) ?? _single;
        return single[index] ?? Interlocked.CompareExchange(ref single[index], Create(members[index]), null) ?? single[index]!;
    }

    private List<Claim> MakeAll()
    {
        MemberValue[] members = Members;
        var claims = new List<Claim>(members.Length);
        for (int i = 0; i < members.Length; i++)
            claims.Add(Make(members, i));
        return claims;
    }

    private Claim Create(in MemberValue member) => new(member.Name, member.Text, member.ValueType, Issuer, OriginalIssuer, Subject);
}

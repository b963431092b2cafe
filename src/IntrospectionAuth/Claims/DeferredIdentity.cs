using System.Security.Claims;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Claims;

/// <summary>An identity that makes a claim when somebody asks for it. Nobody can tell it from one that has had its claims from the beginning.</summary>
/// <remarks>Most requests ask for a subject, a role or a scope. To make all claims of an answer for each of them would cost more than the rest of a cache hit.</remarks>
internal sealed class DeferredIdentity : ClaimsIdentity
{
    private readonly DeferredClaims _claims;

    /// <param name="response">The answer.</param>
    /// <param name="mappings">How its members are mapped.</param>
    /// <param name="hasClaims">Whether any claim comes of them.</param>
    /// <param name="issuer">The issuer of the claims.</param>
    /// <param name="authenticationType">The authentication type.</param>
    /// <param name="nameClaimType">The type of the claim that is the name.</param>
    /// <param name="roleClaimType">The type of the claims that are roles.</param>
    public DeferredIdentity(
        IntrospectionResponse response,
        IDictionary<string, string> mappings,
        bool hasClaims,
        string issuer,
        string authenticationType,
        string nameClaimType,
        string roleClaimType
    )
        : base(authenticationType, nameClaimType, roleClaimType)
    {
        _claims = new DeferredClaims(response, mappings, issuer, this);
        if (hasClaims)
            base.AddClaim(_claims); // see LetOneStandForAll
    }

    public override IEnumerable<Claim> Claims => _claims.All;

    /// <summary>The response of which the claims are made, whatever has been done to them since.</summary>
    internal IntrospectionResponse Response => _claims.Response;

    internal bool HasMadeAllClaims => _claims.AreMade;

    public override Claim? FindFirst(string type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return _claims.AreMade ? base.FindFirst(type) : _claims.FindFirst(type);
    }

    public override IEnumerable<Claim> FindAll(string type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return _claims.Find(type);
    }

    public override bool HasClaim(string type, string value)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(value);
        return _claims.AreMade ? base.HasClaim(type, value) : _claims.HasMember(type, value);
    }

    public override void AddClaim(Claim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);

        _claims.All.Add(ReferenceEquals(claim.Subject, this) ? claim : claim.Clone(this));
        LetOneStandForAll();
    }

    public override void AddClaims(IEnumerable<Claim?> claims)
    {
        ArgumentNullException.ThrowIfNull(claims);

        foreach (Claim? claim in claims)
        {
            if (claim is not null)
                AddClaim(claim);
        }
    }

    public override bool TryRemoveClaim(Claim? claim)
    {
        int index = _claims.All.FindIndex(other => ReferenceEquals(other, claim));
        if (index < 0)
            return false;

        _claims.All.RemoveAt(index);
        LetOneStandForAll();
        return true;
    }

    // The copy is an identity of the base class, which writes what it holds.
    protected override void WriteTo(BinaryWriter writer, byte[]? userData) => Clone().WriteTo(writer);

    /// <summary>The base class's own list holds the stand-in, and is empty when there is nothing to stand for.</summary>
    private void LetOneStandForAll()
    {
        base.TryRemoveClaim(_claims);
        if (_claims.All.Count > 0)
            base.AddClaim(_claims);
    }
}

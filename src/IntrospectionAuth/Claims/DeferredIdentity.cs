using System.Security.Claims;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Claims;

/// <summary>
/// An identity that creates each claim on first use, and otherwise behaves like a <see cref="ClaimsIdentity"/> whose claim types are
/// case-sensitive.
/// </summary>
/// <remarks>
/// Most requests need a subject, a role or a scope. Creating all claims of a response for each request would cost more than the rest of a
/// cache hit. JSON is case-sensitive: a member <c>Sub</c>, which a user may control at some servers, is not the subject.
/// </remarks>
internal sealed class DeferredIdentity : ClaimsIdentity
{
    private readonly DeferredClaims _claims;

    public DeferredIdentity(
        IntrospectionResponse response,
        IDictionary<string, string> mappings,
        bool hasClaims,
        string issuer,
        string authenticationType,
        string nameClaimType,
        string roleClaimType
    )
        : base(identity: null, claims: null, authenticationType, nameClaimType, roleClaimType, StringComparison.Ordinal)
    {
        _claims = new DeferredClaims(response, mappings, issuer, this);
        if (hasClaims)
            base.AddClaim(_claims); // see UpdatePlaceholder
    }

    public override IEnumerable<Claim> Claims => _claims.All;

    /// <summary>The response from which the claims were created. Changes to the claims do not affect it.</summary>
    internal IntrospectionResponse Response => _claims.Response;

    internal bool HasCreatedAllClaims => _claims.AreCreated;

    public override Claim? FindFirst(string type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return _claims.AreCreated ? base.FindFirst(type) : _claims.FindFirst(type);
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
        return _claims.AreCreated ? base.HasClaim(type, value) : _claims.HasMember(type, value);
    }

    public override void AddClaim(Claim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);

        _claims.All.Add(ReferenceEquals(claim.Subject, this) ? claim : claim.Clone(this));
        UpdatePlaceholder();
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
        UpdatePlaceholder();
        return true;
    }

    // The clone is an identity of the base class, which writes its claims.
    protected override void WriteTo(BinaryWriter writer, byte[]? userData) => Clone().WriteTo(writer);

    /// <summary>Keeps the placeholder in the list of the base class exactly while there are claims.</summary>
    private void UpdatePlaceholder()
    {
        base.TryRemoveClaim(_claims);
        if (_claims.All.Count > 0)
            base.AddClaim(_claims);
    }
}

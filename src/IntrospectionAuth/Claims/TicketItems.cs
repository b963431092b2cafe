using IntrospectionAuth.Responses;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.Claims;

/// <summary>The items of a ticket's properties. Dates are costly to format.</summary>
internal sealed class TicketItems(IntrospectionResponse response, string? savedToken) : OnDemandDictionary<string?>
{
    protected override Dictionary<string, string?> Create()
    {
        var items = base.Create();
        var properties = new AuthenticationProperties(items) { IssuedUtc = response.IssuedAt, ExpiresUtc = response.ExpiresAt };
        if (savedToken is not null)
            properties.StoreTokens([new AuthenticationToken { Name = "access_token", Value = savedToken }]);
        return items;
    }
}

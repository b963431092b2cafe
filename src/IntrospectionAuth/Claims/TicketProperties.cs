using IntrospectionAuth.Responses;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.Claims;

/// <summary>Creates the properties of a ticket: when the token was issued and when it expires, and the token if it is saved.</summary>
internal static class TicketProperties
{
    public static AuthenticationProperties Create(IntrospectionResponse response, string? savedToken) =>
        new(new TicketItems(response, savedToken), new OnDemandDictionary<object?>());
}

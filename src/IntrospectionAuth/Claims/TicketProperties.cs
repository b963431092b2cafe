using IntrospectionAuth.Responses;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.Claims;

/// <summary>Makes the properties of a ticket: when the token was issued and expires, and the token itself where it is to be saved.</summary>
internal static class TicketProperties
{
    public static AuthenticationProperties Create(IntrospectionResponse response, string? savedToken) =>
        new(new TicketItems(response, savedToken));
}

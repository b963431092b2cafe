using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace IntrospectionAuth.Benchmarks.Contenders;

/// <summary>A ticket that is created before the first request.</summary>
internal sealed class PreparedTicket(IEnumerable<Claim> claims)
{
    public Task<AuthenticateResult> Result { get; } =
        Task.FromResult(
            AuthenticateResult.Success(
                new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, Contender.Floor)), Contender.Floor)
            )
        );
}

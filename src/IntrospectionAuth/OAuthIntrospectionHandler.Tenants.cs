using IntrospectionAuth.TenantResolution;
using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth;

/// <content>The tenant of the request, if the scheme has tenants.</content>
internal sealed partial class OAuthIntrospectionHandler
{
    // The base class has the options of the scheme. They decide what comes before there is a tenant.
    private new OAuthIntrospectionOptions Options => _services.TenantOptions ?? base.Options;

    private new ILogger Logger => _services.TenantLogger ?? base.Logger;

    private Task<AuthenticateResult> AuthenticateAsync(RequestToken token)
    {
        _usesDPoP = token.IsDPoP; // before anything can fail
        return Options.ResolvesTenants ? AuthenticateAtTenantAsync(token) : AuthenticateTokenAsync(token);
    }

    private async Task<AuthenticateResult> AuthenticateAtTenantAsync(RequestToken token)
    {
        if (token.IsNone)
            return AuthenticateResult.NoResult(); // only a challenge needs the tenant: see UseTenantForChallengeAsync

        TenantResult result;
        try
        {
            result = await UseTenantAsync(token);
        }
        catch (OperationCanceledException exception) when (Context.RequestAborted.IsCancellationRequested)
        {
            return Abandon(exception); // the tenant is resolved for others
        }

        if (result.Tenant is not null || token.IsMalformed) // no tenant accepts a malformed one
            return await AuthenticateTokenAsync(token);
        if (result.Unavailability is { } unavailability)
            return await FailAsync(new OAuthIntrospectionException(unavailability), token);
        return Options.TokenFilter.Mismatch == TokenFilterMismatch.Ignore
            ? AuthenticateResult.NoResult()
            : await FailAsync(OAuthIntrospectionFailure.UnknownTenant, token);
    }

    /// <summary>Lets a challenge of a request without a token be that of the tenant, if there is one.</summary>
    private async Task UseTenantForChallengeAsync()
    {
        if (!Options.ResolvesTenants)
            return;

        try
        {
            _requiresDPoP = (await UseTenantAsync(RequestToken.None)).RequiresDPoP;
        }
        catch (OperationCanceledException) when (Context.RequestAborted.IsCancellationRequested)
        {
            // The caller has disconnected.
        }
    }

    private async Task<TenantResult> UseTenantAsync(RequestToken token)
    {
        var request = new OAuthIntrospectionTenantRequest(Context, token);
        TenantResult result = await _services.Tenants!.FindAsync(Scheme.Name, Options, request, Context.RequestAborted);
        if (result.Tenant is not { } tenant)
            return result;

        Response.RegisterForDispose(tenant); // its use ends with the request
        _services = result.Services!;
        RequestTenants.Set(Context, Scheme.Name, Options);
        if (Options.EventsType is null || Options.EventsType != base.Options.EventsType)
            base.Events = Options.EventsIn(Context.RequestServices);
        return result;
    }
}

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

    private Task<AuthenticateResult> AuthenticateAsync(RequestToken token) =>
        Options.ResolvesTenants ? AuthenticateAtTenantAsync(token) : AuthenticateTokenAsync(token);

    private async Task<AuthenticateResult> AuthenticateAtTenantAsync(RequestToken token)
    {
        var request = new OAuthIntrospectionTenantRequest(Context, token);
        TenantResult result;
        try
        {
            result = await _services.Tenants!.FindAsync(Scheme.Name, Options, request, Context.RequestAborted);
        }
        catch (OperationCanceledException exception) when (Context.RequestAborted.IsCancellationRequested)
        {
            return Abandon(exception); // the tenant is resolved for others
        }

        if (result.Tenant is { } tenant)
        {
            Response.RegisterForDispose(tenant); // the request has ended: it uses the tenant no more
            _services = result.Services!;
            if (Options.EventsType is null || Options.EventsType != base.Options.EventsType)
                base.Events = Options.EventsIn(Context.RequestServices);
            return await AuthenticateTokenAsync(token);
        }

        if (token.IsNone)
            return AuthenticateResult.NoResult();
        if (result.Unavailability is { } unavailability)
            return await FailAsync(new OAuthIntrospectionException(unavailability), token);
        return Options.TokenFilter.Mismatch == TokenFilterMismatch.Ignore
            ? AuthenticateResult.NoResult()
            : await FailAsync(OAuthIntrospectionFailure.UnknownTenant, token);
    }
}

using IntrospectionAuth.Certificates;
using IntrospectionAuth.Outcomes;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.ClientAuthentication;

/// <summary>Adds the credentials of this API to a request by a client authentication method.</summary>
internal sealed class ClientAuthenticator(
    KeyFiles keyFiles,
    ClientCertificates certificates,
    ApplicationCode application,
    RareMessages rare,
    ILogger<ClientAuthenticator> logger
)
{
    public ClientAuthenticationContext CreateContext(
        IntrospectionScheme scheme,
        HttpRequestMessage request,
        IDictionary<string, string> parameters,
        CallCredential credential,
        CancellationToken stopping,
        CancellationToken cancellationToken
    ) =>
        new()
        {
            IntrospectionScheme = scheme,
            Request = request,
            Parameters = parameters,
            KeyFiles = keyFiles,
            Certificates = certificates,
            Credential = credential,
            Stopping = stopping,
            CancellationToken = cancellationToken,
        };

    /// <returns>Why the request cannot be authenticated; null when it is.</returns>
    public async Task<Unavailability?> AuthenticateAsync(ClientAuthenticationContext request, ClientAuthenticationMethod method)
    {
        try
        {
            if (method.OnlyCopies)
                await method.AuthenticateAsync(request);
            else if (!await application.RunAsync(request, () => method.AuthenticateAsync(request).AsTask()))
                return new(UnavailableReason.TooManyCalls);

            request.Credential.Settle();
            return null;
        }
        catch (Exception exception) when (!request.HasTimedOut)
        {
            var failed = new Unavailability(UnavailableReason.ClientAuthenticationFailed) { Exception = exception };
            if (rare.IsDue(request.Scheme, nameof(Log.ClientAuthenticationFailed), request.TimeProvider, out long suppressed))
                logger.ClientAuthenticationFailed(request.Scheme, method.Name, UnavailabilityRemedies.Of(failed), suppressed, exception);
            return failed;
        }
        catch (Exception exception)
        {
            return request.TimedOut(UnavailableReason.ApplicationTimedOut, exception);
        }
    }
}

using System.Net;
using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Responses;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Introspection;

/// <summary>Reads the response of the introspection endpoint: the result, or why the response is unusable.</summary>
internal sealed class ResponseMessageReader(SignedResponseReader signedResponses, RareMessages rare, ILogger<IntrospectionClient> logger)
{
    private readonly StringPool _strings = new();

    public async Task<IntrospectionResult> ReadAsync(
        ClientAuthenticationContext request,
        HttpResponseMessage response,
        DateTimeOffset askedAt
    )
    {
        if (response.StatusCode != HttpStatusCode.OK)
            return await ReadStatusAsync(request, response, askedAt);

        Task<BodyReading> readingBody = request.Options.RequireSignedResponse
            ? signedResponses.ReadAsync(request, response.Content, askedAt, _strings)
            : ResponseBodyReader.ReadAsync(request, response.Content, askedAt, _strings);
        await readingBody.WithinTimeoutAsync(request.CancellationToken);
        BodyReading reading = await readingBody;
        if (reading.Unavailability is { } unavailability)
            return IntrospectionResult.Unavailable(askedAt, unavailability);

        if (reading.Fault is { } fault)
        {
            TimeSpan? retryAfter = RetryAfterReader.Read(response.Headers, request.TimeProvider.GetUtcNow());
            return IntrospectionResult.Unavailable(
                askedAt,
                new(UnavailableReason.InvalidResponse)
                {
                    Url = ServerUrl.Describe(request.Request.RequestUri),
                    Fault = fault,
                    RequestedDelay = retryAfter,
                }
            );
        }

        if (reading.HasClampedDate && rare.IsDue(request.Scheme, nameof(Log.DateClamped), request.TimeProvider, out long suppressed))
            logger.DateClamped(request.Scheme, suppressed);

        return reading.Response is { } body
            ? IntrospectionResult.Active(body, askedAt, CacheControlReader.Read(response.Headers), reading.Body)
            : IntrospectionResult.Inactive(askedAt);
    }

    private static async Task<IntrospectionResult> ReadStatusAsync(
        ClientAuthenticationContext request,
        HttpResponseMessage response,
        DateTimeOffset askedAt
    )
    {
        HttpStatusCode status = response.StatusCode;
        bool usesPresentedToken = request.Options.ClientAuthenticationMethod.UsesPresentedToken;
        if (status == HttpStatusCode.Unauthorized && usesPresentedToken)
            return IntrospectionResult.Inactive(askedAt);

        bool isListed = request.Options.InactiveStatusCodes.Contains((int)status);
        bool mayHaveCode = isListed || status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
        ErrorResponse error = mayHaveCode ? await ErrorCodeReader.ReadAsync(request, response.Content) : default;
        if (status == HttpStatusCode.BadRequest && error.RejectsTokenType)
            return IntrospectionResult.Inactive(askedAt, InactiveBasis.TokenType);

        CredentialRefusal refusal = CredentialRefusalReader.Read(request, status, error.Code);
        bool mayMeanInactive = isListed && refusal != CredentialRefusal.OfClient;
        bool isRefusal = refusal != CredentialRefusal.No && !mayMeanInactive;

        // If the presented token is the credential, 429 concerns its owner only, not all callers.
        TimeSpan? retryAfter = RetryAfterReader.Read(response.Headers, request.TimeProvider.GetUtcNow());
        bool isMeantForAll =
            status == HttpStatusCode.ServiceUnavailable || (status == HttpStatusCode.TooManyRequests && !usesPresentedToken);

        return IntrospectionResult.Unavailable(
            askedAt,
            new(isRefusal ? UnavailableReason.Refused : UnavailableReason.UnexpectedStatus)
            {
                Url = ServerUrl.Describe(request.Request.RequestUri),
                Location = ReadLocation(request, response),
                StatusCode = status,
                RequestedDelay = retryAfter,
                RequestsBackOff = retryAfter is not null && isMeantForAll,
                ErrorCode = error.Code,
                Advice = isRefusal ? CredentialRefusalReader.Advise(request, request.Options.ClientAuthenticationMethod) : null,
                MayBeAboutToken = refusal == CredentialRefusal.Maybe,
                MayMeanInactive = mayMeanInactive,
            }
        );
    }

    /// <returns>Where a redirect leads; null when the response is none, or its URL repeats a secret.</returns>
    private static string? ReadLocation(ClientAuthenticationContext request, HttpResponseMessage response)
    {
        if ((int)response.StatusCode is < 300 or >= 400 || response.Headers.Location is not { } location)
            return null;

        string? url = Uri.TryCreate(request.Request.RequestUri, location, out Uri? target) ? ServerUrl.Describe(target) : null;
        return url is null || RepeatedSecret.IsIn(url, request.Secrets) ? null : url;
    }
}

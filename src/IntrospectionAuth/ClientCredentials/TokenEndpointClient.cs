using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.ClientCredentials;

/// <summary>Requests a token for this API from a token endpoint (RFC 6749, section 4.4.2). Every failure is a value.</summary>
internal sealed class TokenEndpointClient(ServerFetch fetch, ClientAuthenticator authenticator)
{
    public Task<Outcome<ClientToken>> ObtainAsync(IntrospectionScheme scheme, TokenSource source, CancellationToken stopping) =>
        fetch.RunAsync(
            scheme,
            cancellation => RequestWithRenewalAsync(scheme, source, stopping, cancellation),
            stopping,
            () => source.FindTimeoutCause(scheme.Options.Timeout)
        );

    /// <summary>Requests a token, and once more if the credential is rejected and there is another one.</summary>
    private async Task<Outcome<ClientToken>> RequestWithRenewalAsync(
        IntrospectionScheme scheme,
        TokenSource source,
        CancellationToken stopping,
        CancellationToken cancellationToken
    )
    {
        var credential = new CallCredential();
        Outcome<ClientToken> result = await RequestAsync(scheme, source, credential, stopping, cancellationToken);
        if (!IsRejection(result) || await source.Renewal.FindNextAsync(credential, cancellationToken) is not { } next)
            return result;

        Outcome<ClientToken> repeated = await RequestAsync(scheme, source, next, stopping, cancellationToken);
        return next.IsRefusedOne ? result : repeated;
    }

    /// <summary>Whether another key may be accepted: in RFC 6749, section 5.2, <c>invalid_client</c> is 400 or 401.</summary>
    private static bool IsRejection(Outcome<ClientToken> result) =>
        result.Unavailability is { Reason: UnavailableReason.NotIssued } refusal
        && (refusal.StatusCode == HttpStatusCode.Unauthorized || refusal.ErrorCode == "invalid_client");

    private async Task<Outcome<ClientToken>> RequestAsync(
        IntrospectionScheme scheme,
        TokenSource source,
        CallCredential credential,
        CancellationToken stopping,
        CancellationToken cancellationToken
    )
    {
        source.NotePreparing();
        using var message = new HttpRequestMessage(HttpMethod.Post, source.Endpoint);
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        OAuthIntrospectionClientCredentialsOptions options = scheme.Options.ClientCredentials;
        ClientAuthenticationContext request = authenticator.CreateContext(
            scheme,
            message,
            CreateParameters(options),
            credential,
            stopping,
            cancellationToken
        );
        try
        {
            if (await authenticator.AuthenticateAsync(request, options.AuthenticationMethod) is { } failure)
                return failure;
            if (credential.IsRefusedOne)
                return new Unavailability(UnavailableReason.NotIssued) { Fault = "there is no credential but the one that it refused" };

            message.Content = new FormUrlEncodedContent(request.Parameters);
            long askedAt = request.TimeProvider.GetTimestamp();
            source.NoteSent();
            using HttpResponseMessage response = await fetch.SendAsync(scheme, message, cancellationToken);
            return await ReadAsync(request, response, askedAt);
        }
        finally
        {
            credential.Settle();
        }
    }

    private static Dictionary<string, string> CreateParameters(OAuthIntrospectionClientCredentialsOptions options)
    {
        var parameters = new Dictionary<string, string>(options.Parameters, StringComparer.Ordinal)
        {
            ["grant_type"] = "client_credentials",
        };
        if (!string.IsNullOrEmpty(options.Scope))
            parameters["scope"] = options.Scope;
        return parameters;
    }

    private static async Task<Outcome<ClientToken>> ReadAsync(
        ClientAuthenticationContext request,
        HttpResponseMessage response,
        long askedAt
    )
    {
        if (response.StatusCode == HttpStatusCode.OK)
        {
            Reading<(string Token, TimeSpan Lifetime)> reading = await ServerFetch.ReadJsonAsync(
                response.Content,
                request.Options,
                body => TokenReader.Read(body, request.Options.TokenCharacters),
                request.CancellationToken,
                request.Secrets
            );
            if (reading.Fault is { } fault)
                return new Unavailability(UnavailableReason.NotIssued) { Fault = $"its response cannot be used ({fault})" };

            (string token, TimeSpan lifetime) = reading.Value;
            return new ClientToken(token, request.TimeProvider, askedAt, lifetime - MarginOf(lifetime), request.Credential.Used);
        }

        DateTimeOffset now = request.TimeProvider.GetUtcNow();
        if (response.StatusCode >= HttpStatusCode.InternalServerError || response.StatusCode == HttpStatusCode.TooManyRequests)
            return RetryAfterReader.ReadUnexpectedStatus(response, now); // It is about the server, not about this client.

        string? code = (await ErrorCodeReader.ReadAsync(request, response.Content)).Code;
        string status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        return new Unavailability(UnavailableReason.NotIssued)
        {
            StatusCode = response.StatusCode,
            ErrorCode = code,
            RequestedDelay = RetryAfterReader.Read(response.Headers, now),
            Fault = $"it responded {status}, error code {code ?? "none"}",
            Advice = request.Parameters.ContainsKey("client_assertion")
                ? CredentialRefusalReader.Advise(request, request.Options.ClientCredentials.AuthenticationMethod)
                : null,
        };
    }

    /// <summary>
    /// How long before its end a token is replaced, so that it does not expire in transit: a tenth of its lifetime, at most a minute.
    /// </summary>
    private static TimeSpan MarginOf(TimeSpan lifetime) =>
        lifetime / 10 < TimeSpan.FromMinutes(1) ? lifetime / 10 : TimeSpan.FromMinutes(1);
}

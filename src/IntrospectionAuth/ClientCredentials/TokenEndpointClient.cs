using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using IntrospectionAuth.ClientAuthentication;
using IntrospectionAuth.Http;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Tokens;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.ClientCredentials;

/// <summary>Asks a token endpoint for a token of this API's own (RFC 6749, section 4.4.2). Whatever goes wrong becomes a value.</summary>
internal sealed class TokenEndpointClient(
    IHttpClientFactory httpClients,
    ClientAuthenticator authenticator,
    RareMessages rare,
    ILogger<TokenEndpointClient> logger
)
{
    /// <summary>Asks within the timeout of an introspection.</summary>
    public Task<TokenResult> ObtainAsync(IntrospectionScheme scheme, TokenSource source, CancellationToken stopping) =>
        SharedFetch.RunAsync(
            scheme.Options,
            cancellation => RequestWithRenewalAsync(scheme, source, stopping, cancellation),
            (fault, exception) => Fail(scheme, source, fault, exception),
            stopping
        );

    private TokenResult Fail(IntrospectionScheme scheme, TokenSource source, FetchFault fault, Exception exception)
    {
        if (fault != FetchFault.Unreachable)
        {
            UnavailableReason reason =
                fault == FetchFault.Stopped ? UnavailableReason.Stopped : source.FindTimeoutCause(scheme.Options.Timeout);
            return TokenResult.None(new(reason) { Exception = exception });
        }

        if (rare.IsDue(scheme.Name, nameof(Log.Unreachable), scheme.Time, out long suppressed))
            logger.Unreachable(scheme.Name, suppressed, exception);
        return TokenResult.None(new(UnavailableReason.Unreachable) { Exception = exception });
    }

    /// <summary>Requests a token, and once more if the credential is rejected and there is another one.</summary>
    private async Task<TokenResult> RequestWithRenewalAsync(
        IntrospectionScheme scheme,
        TokenSource source,
        CancellationToken stopping,
        CancellationToken cancellationToken
    )
    {
        var credential = new CallCredential();
        TokenResult result = await RequestAsync(scheme, source, credential, stopping, cancellationToken);
        if (!IsRejection(result) || await source.Renewal.FindNextAsync(credential, cancellationToken) is not { } next)
            return result;

        TokenResult repeated = await RequestAsync(scheme, source, next, stopping, cancellationToken);
        return next.IsRefusedOne ? result : repeated;
    }

    /// <summary>The key may have changed: with RFC 6749, section 5.2, <c>invalid_client</c> is 400 or 401.</summary>
    private static bool IsRejection(TokenResult result) =>
        result.Unavailability is { Reason: UnavailableReason.NotIssued } refusal
        && (refusal.StatusCode == HttpStatusCode.Unauthorized || refusal.ErrorCode == "invalid_client");

    private async Task<TokenResult> RequestAsync(
        IntrospectionScheme scheme,
        TokenSource source,
        CallCredential credential,
        CancellationToken stopping,
        CancellationToken cancellationToken
    )
    {
        source.NoteAsked(false);
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
                return TokenResult.None(failure);
            if (credential.IsRefusedOne)
                return TokenResult.None(new(UnavailableReason.NotIssued));

            message.Content = new FormUrlEncodedContent(request.Parameters);
            long askedAt = request.TimeProvider.GetTimestamp();
            source.NoteAsked(true);
            using HttpClient client = httpClients.CreateClient(OAuthIntrospectionDefaults.GetHttpClientName(scheme.Name));
            using HttpResponseMessage response = await client.SendAsync(
                message,
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );
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

    private static async Task<TokenResult> ReadAsync(ClientAuthenticationContext request, HttpResponseMessage response, long askedAt)
    {
        if (response.StatusCode == HttpStatusCode.OK)
        {
            TokenReading reading = await ReadBodyAsync(request, response);
            return reading.Token is { } token
                ? TokenResult.Issued(
                    new ClientToken(
                        token,
                        request.TimeProvider,
                        askedAt,
                        reading.Lifetime - MarginOf(reading.Lifetime),
                        request.Credential.Used
                    )
                )
                : TokenResult.None(new(UnavailableReason.NotIssued) { Fault = reading.Fault });
        }

        DateTimeOffset now = request.TimeProvider.GetUtcNow();
        if (response.StatusCode >= HttpStatusCode.InternalServerError || response.StatusCode == HttpStatusCode.TooManyRequests)
            return TokenResult.None(RetryAfterReader.ReadUnexpectedStatus(response, now)); // that is about the server, not about this client

        string? code = (await ResponseMessageReader.ReadErrorAsync(request, response)).Code;
        string status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        return TokenResult.None(
            new(UnavailableReason.NotIssued)
            {
                StatusCode = response.StatusCode,
                ErrorCode = code,
                RequestedDelay = RetryAfterReader.Read(response.Headers, now),
                Fault = $"it answered {status}, error code {code ?? "none"}",
                Advice = request.Parameters.ContainsKey("client_assertion")
                    ? CredentialRefusalReader.Advise(request, request.Options.ClientCredentials.AuthenticationMethod)
                    : null,
            }
        );
    }

    private static async Task<TokenReading> ReadBodyAsync(ClientAuthenticationContext request, HttpResponseMessage response)
    {
        if (!ResponseBodyReader.IsJson(response.Content.Headers))
        {
            return TokenReading.NotAToken(
                "the content type of its response is not JSON" + MediaTypeText.But(response.Content.Headers, request.Secrets)
            );
        }

        return await LimitedBody.ReadAsync(response.Content, request.Options.MaximumResponseLength, request.CancellationToken) is { } body
            ? TokenReader.Read(body, request.Options.TokenCharacters)
            : TokenReading.NotAToken("its response is longer than MaximumResponseLength");
    }

    /// <summary>So that a token does not expire on its way: a tenth of its life, and a minute at most.</summary>
    private static TimeSpan MarginOf(TimeSpan lifetime) =>
        lifetime / 10 < TimeSpan.FromMinutes(1) ? lifetime / 10 : TimeSpan.FromMinutes(1);
}

namespace IntrospectionAuth.Benchmarks.Soak;

/// <summary>Decides whether a response of the API is allowed, by the state of the authorization server and the API's settings.</summary>
internal sealed class Oracle(FaultLog faults)
{
    /// <returns>What is wrong with the response; null if it is allowed.</returns>
    public string? Judge(Exchange exchange) =>
        exchange.Status switch
        {
            0 => "no response",
            503 => JudgeUnavailable(exchange),
            _ when exchange.IsMalformed => exchange.Status == 400 ? null : $"{exchange.Status} for a malformed request",
            _ when exchange.Token is null => exchange.Status == 401 ? null : $"{exchange.Status} without a token",
            _ => Judge(exchange, exchange.Token),
        };

    private string? JudgeUnavailable(Exchange exchange)
    {
        if (exchange.Token is null)
            return "503 for a request that needs no call";
        if (exchange.RetryAfter is not { } retryAfter)
            return "503 without Retry-After";
        if (retryAfter <= TimeSpan.Zero || retryAfter > SoakSettings.MaximumRetryAfter)
            return "503 with a Retry-After out of range";
        return faults.Excuse(exchange.SentAt, exchange.ReceivedAt) ? null : "503 without a fault";
    }

    private static string? Judge(Exchange exchange, SoakToken token)
    {
        bool mayBeRefused = token.Subject is null || token.EndsAt <= exchange.ReceivedAt;
        bool mayBeAccepted =
            token.Subject is not null
            && exchange.SentAt < token.ExpiresAt
            && (token.RevokedAt == DateTimeOffset.MaxValue || exchange.SentAt < token.RevokedAt + SoakSettings.MaximumAge);

        return exchange.Status switch
        {
            200 when !mayBeAccepted => token.Subject is null ? "200 for an invalid token" : "200 for an expired or revoked token",
            200 when !token.HasScope => "200 without the scope",
            200 when exchange.Body != token.Subject => "200 as another user",
            200 => null,
            403 when !mayBeAccepted => "403 for an expired or revoked token",
            403 => token.HasScope ? "403 for a valid token" : null,
            401 => mayBeRefused ? null : "401 for a valid token",
            _ => $"{exchange.Status}",
        };
    }
}

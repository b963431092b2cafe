using System.Net.Http.Headers;
using IntrospectionAuth.Benchmarks.Hosting;

namespace IntrospectionAuth.Benchmarks.Soak;

/// <summary>Sends requests of every kind, one after another, and checks each response.</summary>
internal sealed class LoadWorker(HttpClient client, TokenLedger ledger, Oracle oracle, SoakTally tally, TimeProvider clock)
{
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Exchange exchange = await SendAsync();
            tally.Count(exchange, oracle.Judge(exchange));
        }
    }

    private Task<Exchange> SendAsync() =>
        Random.Shared.Next(100) switch
        {
            < 1 => SendAsync(token: null, authorization: null, isMalformed: false),
            < 2 => SendAsync(token: null, "Bearer not a token", isMalformed: true),
            < 4 => SendAsync(TokenLedger.Invalid()),
            < 12 => SendAsync(ledger.AnyEnded()),
            _ => SendAsync(ledger.AnyLive()),
        };

    private Task<Exchange> SendAsync(SoakToken token) => SendAsync(token, "Bearer " + token.Value, isMalformed: false);

    private async Task<Exchange> SendAsync(SoakToken? token, string? authorization, bool isMalformed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ApiCommand.Read);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);

        DateTimeOffset sentAt = clock.GetUtcNow();
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request);
            string body = await response.Content.ReadAsStringAsync();
            return new Exchange
            {
                Token = token,
                IsMalformed = isMalformed,
                SentAt = sentAt,
                ReceivedAt = clock.GetUtcNow(),
                Status = (int)response.StatusCode,
                Body = body,
                RetryAfter = TimeUntil(response.Headers.RetryAfter),
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return new Exchange
            {
                Token = token,
                IsMalformed = isMalformed,
                SentAt = sentAt,
                ReceivedAt = clock.GetUtcNow(),
                Status = 0,
            };
        }
    }

    private static TimeSpan? TimeUntil(RetryConditionHeaderValue? retryAfter) => retryAfter?.Delta;
}

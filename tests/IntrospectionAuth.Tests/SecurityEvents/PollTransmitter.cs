using System.Text.Json.Nodes;
using System.Threading.Channels;
using IntrospectionAuth.Tests.Discovery;
using IntrospectionAuth.Tests.Responses;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tests.SecurityEvents;

/// <summary>A transmitter on a real socket that is polled. It holds a poll while a test has no response for it.</summary>
internal sealed class PollTransmitter
{
    public const string Path = "/poll";

    private readonly Channel<RequestDelegate> _responses = Channel.CreateUnbounded<RequestDelegate>();
    private readonly Journal<Poll> _polls = new();

    /// <summary>Called when a poll arrives, before it has a response.</summary>
    public Action<Poll> OnPoll { get; set; } = static _ => { };

    public IReadOnlyCollection<Poll> Polls => _polls;

    public async Task<Poll> WaitForPollAsync(int number)
    {
        await _polls.WaitForAsync(_ => true, number);
        return _polls.ElementAt(number - 1);
    }

    public void Respond(RequestDelegate respond) => Assert.True(_responses.Writer.TryWrite(respond));

    public void RespondWith(params SignedResponse[] tokens) =>
        RespondWithJson(
            new JsonObject
            {
                ["sets"] = new JsonObject(
                    tokens.Select(token => KeyValuePair.Create<string, JsonNode?>((string)token.Claims["jti"]!, token.ToString()))
                ),
            }.ToJsonString()
        );

    public void RespondWithJson(string text, string contentType = "application/json") =>
        Respond(context => MetadataServer.WriteAsync(context, text, contentType));

    public void RespondWithStatus(int status, string? retryAfter = null) =>
        Respond(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        });

    public async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        JsonNode body = JsonNode.Parse(await reader.ReadToEndAsync(context.RequestAborted))!;
        var poll = new Poll(
            context.Request.Method,
            context.Request.Headers.ToDictionary(it => it.Key, it => it.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body
        );
        OnPoll(poll);
        _polls.Add(poll);

        RequestDelegate respond = await _responses.Reader.ReadAsync(context.RequestAborted);
        await respond(context);
    }

    public sealed record Poll(string Method, IReadOnlyDictionary<string, string> Headers, JsonNode Body);
}

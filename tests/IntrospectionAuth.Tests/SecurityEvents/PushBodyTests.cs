using System.Net;
using System.Text.Json.Nodes;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tests.SecurityEvents;

/// <summary>How much of a pushed token is read, and what becomes of one that breaks off.</summary>
public sealed class PushBodyTests
{
    private const int MaximumLength = 16 * 1024;

    private static readonly string s_revoked = SecurityEventApi.Caep + "session-revoked";

    [Theory]
    [InlineData(MaximumLength, false, 202)]
    [InlineData(MaximumLength, true, 202)]
    [InlineData(MaximumLength + 1, false, 400)]
    [InlineData(MaximumLength + 1, true, 400)]
    public async Task A_body_is_read_up_to_16_KB(int length, bool isChunked, int expected)
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, SecurityEventApi.Path);
        request.Content = new StringContent(api.Create(s_revoked).ToString().PadRight(length), mediaType: new("application/secevent+jwt"));
        request.Headers.TransferEncodingChunked = isChunked;

        using HttpResponseMessage response = await api.Api.Client.SendAsync(request);

        Assert.Equal(expected, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("longer than 16 KB", "The token is too long.")]
    [InlineData("the connection broke", "The request ended early.")]
    [InlineData("the caller went away", "The request ended early.")]
    public async Task A_body_that_ends_early_is_refused_and_one_that_is_announced_as_longer_is_not_read(string fault, string description)
    {
        await using SecurityEventApi api = await SecurityEventApi.StartAsync();
        Exception exception = fault == "the caller went away" ? new OperationCanceledException(fault) : new IOException(fault);

        HttpContext context = await BrokenBody.PostAsync(
            api.Api,
            SecurityEventApi.Path,
            exception,
            request =>
            {
                request.ContentType = "application/secevent+jwt";
                request.ContentLength = fault == "longer than 16 KB" ? MaximumLength + 1 : null;
            }
        );

        Assert.Equal((int)HttpStatusCode.BadRequest, context.Response.StatusCode);
        using var reader = new StreamReader(context.Response.Body);
        JsonNode body = JsonNode.Parse(await reader.ReadToEndAsync())!;
        Assert.Equal(("invalid_request", description), ((string?)body["err"], (string?)body["description"]));
        Assert.Contains($"an event was rejected: {description} Logged", api.Api.Log.Text, StringComparison.Ordinal);
    }
}

using IntrospectionAuth.Http;

namespace IntrospectionAuth.Introspection;

/// <summary>Records one exchange: what the handler reads, without reading more or waiting longer than it does.</summary>
internal sealed class ExchangeRecording(ClientAuthenticationContext request) : IDisposable
{
    private const int LongestBody = 16 * 1024;

    private readonly DateTimeOffset _startedAt = request.TimeProvider.GetUtcNow();
    private readonly long _started = request.TimeProvider.GetTimestamp();
    private RecordingStream? _body;
    private int? _statusCode;
    private string? _contentType;

    /// <summary>Records a response, whose content is replaced by one that also records what is read.</summary>
    public async Task AttachAsync(HttpResponseMessage response)
    {
        _statusCode = (int)response.StatusCode;
        _contentType = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var types)
            ? BodyMask.ApplyToHeader(types.ToString(), request.Secrets)
            : null;

        HttpContent received = response.Content;
        _body = new RecordingStream(await received.ReadAsStreamAsync(request.CancellationToken), LongestBody);
        response.Content = new StreamContent(_body);
        foreach ((string name, var values) in received.Headers.NonValidated)
            response.Content.Headers.TryAddWithoutValidation(name, values);
    }

    public Exchange End(IntrospectionResult result) =>
        new()
        {
            StartedAt = _startedAt,
            Url = ServerUrl.Describe(request.Request.RequestUri) ?? "",
            ClientAuthenticationMethod = request.Options.ClientAuthenticationMethod.Name,
            Duration = request.TimeProvider.GetElapsedTime(_started),
            StatusCode = _statusCode,
            ContentType = _contentType,
            Body = _body is { Recorded.Length: > 0 } body
                ? BodyMask.Apply(body.Recorded, body is { IsTruncated: false, IsAtEnd: true }, request.Secrets)
                : null,
            IsTruncated = _body?.IsTruncated == true,
            Outcome = result.OutcomeName,
        };

    public void Dispose() => _body?.Dispose();
}

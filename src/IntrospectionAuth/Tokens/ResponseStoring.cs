using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tokens;

/// <summary>Prevents caches from storing a response.</summary>
internal static class ResponseStoring
{
    /// <summary>Writes the header now, for caches in the application, and again when the response starts, after the endpoint.</summary>
    public static void Forbid(HttpResponse response)
    {
        if (response.HasStarted)
            return;

        WriteNoStore(response);
        response.OnStarting(
            static state =>
            {
                WriteNoStore((HttpResponse)state);
                return Task.CompletedTask;
            },
            response
        );
    }

    private static void WriteNoStore(HttpResponse response) => response.Headers.CacheControl = "no-store, private";
}

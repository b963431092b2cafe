using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tokens;

/// <summary>Keeps a response out of caches.</summary>
internal static class ResponseStoring
{
    /// <summary>At once, for caches inside of the application; and again at the end, when the endpoint has had its way.</summary>
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

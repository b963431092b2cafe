using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using ModelContextProtocol.Authentication;

namespace IntrospectionAuth.Interop.Mcp;

/// <summary>A user whose browser follows the redirects of an authorization, and who consents to everything.</summary>
internal sealed class HeadlessUser : IDisposable
{
    public static readonly Uri Callback = new("http://127.0.0.1:7777/callback"); // only ever a redirect: nothing listens there

    private readonly List<string> _requestedScopes = [];
    private readonly HttpClient _browser = new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            CookieContainer = new CookieContainer(),
        }
    );

    /// <summary>The scopes of each authorization request, in order.</summary>
    public IReadOnlyList<string> RequestedScopes => _requestedScopes;

    /// <summary>The resource of the last authorization request (RFC 8707).</summary>
    public string? Resource { get; private set; }

    public async Task<AuthorizationResult?> AuthorizeAsync(AuthorizationCallbackContext context, CancellationToken cancellationToken)
    {
        var parameters = QueryHelpers.ParseQuery(context.AuthorizationUri.Query);
        _requestedScopes.Add(parameters["scope"].ToString());
        Resource = parameters["resource"];

        Uri url = context.AuthorizationUri;
        for (int i = 0; i < 10; i++)
        {
            using HttpResponseMessage response = await _browser.GetAsync(url, cancellationToken);
            Assert.True(response.StatusCode == HttpStatusCode.SeeOther, await response.Content.ReadAsStringAsync(cancellationToken));
            url = new Uri(url, response.Headers.Location!);
            if (url.GetLeftPart(UriPartial.Path) == Callback.OriginalString)
            {
                var result = QueryHelpers.ParseQuery(url.Query);
                Assert.False(result.ContainsKey("error"), url.Query);
                return new()
                {
                    Code = result["code"],
                    State = result["state"],
                    Iss = result["iss"],
                };
            }
        }

        throw new InvalidOperationException("The authorization server redirects without end.");
    }

    public void Dispose() => _browser.Dispose();
}

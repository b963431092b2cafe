using System.Net;
using System.Text;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary>An authorization server that responds to every token with a response that a page shows.</summary>
internal sealed class PageServer(OAuthIntrospectionOptions settings, string response) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string form = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        string body =
            request.Method == HttpMethod.Get ? Metadata()
            : form.Contains("grant_type=", StringComparison.Ordinal)
                ? """{"access_token":"of-the-api","token_type":"Bearer","expires_in":60}"""
            : response;

        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
    }

    private string Metadata() =>
        $$"""{"issuer":"{{settings.Authority}}","introspection_endpoint":"{{settings.Authority?.TrimEnd('/')}}/introspect"}""";
}

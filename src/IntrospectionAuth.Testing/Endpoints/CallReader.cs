using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace IntrospectionAuth.Testing.Endpoints;

/// <summary>Creates the record of a call from a request.</summary>
internal static class CallReader
{
    public static async Task<IntrospectionCall> ReadAsync(HttpRequest request, bool rawBasic, DateTimeOffset now)
    {
        IFormCollection parameters = await ReadParametersAsync(request);
        PresentedClientAuthentication authentication = ClientAuthenticationReader.Read(request.Headers, parameters, rawBasic);
        HeaderDictionary headers = new(request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase)) { IsReadOnly = true };
        return new IntrospectionCall
        {
            Token = parameters.TryGetValue("token", out var tokens) ? tokens[0] : authentication.BearerToken,
            Method = request.Method,
            Path = request.PathBase.Add(request.Path).ToUriComponent(),
            Query = request.QueryString.ToUriComponent(),
            Headers = headers,
            Parameters = parameters,
            ClientAuthentication = authentication,
            ReceivedAt = now,
        };
    }

    private static async Task<IFormCollection> ReadParametersAsync(HttpRequest request)
    {
        try
        {
            return IsForm(request) ? await request.ReadFormAsync(request.HttpContext.RequestAborted) : FormCollection.Empty;
        }
        catch (InvalidDataException)
        {
            return FormCollection.Empty; // the form exceeds the limits
        }
    }

    private static bool IsForm(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
        && type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
}

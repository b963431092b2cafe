using System.Buffers;
using System.Text;
using IntrospectionAuth.Fuzzing.Plain;
using IntrospectionAuth.Tokens;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Fuzzing.Targets;

/// <summary>
/// The token of a request. Each line of the input begins with A (a value of the header), Q (the query) or F (a form), in Latin-1.
/// </summary>
internal sealed class AuthorizationTarget : FuzzTarget
{
    private const int LongestToken = 200;
    private const string More = "!";

    private static readonly SearchValues<char>? s_characters = TokenCharacters.With(More);
    private static readonly OAuthIntrospectionTokenRetrievalOptions s_places = new() { FormBody = true, QueryPaths = { "/hub" } };

    public override string Name => "authorization";

    public override string Purpose => "the token of a request: header, query, form (RFC 6750), and what a JWT says about itself";

    public override IReadOnlyList<string> Words { get; } =
    [
        "ABearer ",
        "ADPoP ",
        "ABasic ",
        "\nA",
        "\nQ",
        "\nF",
        "bearer",
        "dpop",
        "Qaccess_token=abc",
        "Faccess_token=abc",
        "access%5Ftoken=",
        "ACCESS_TOKEN=",
        "&",
        "%00",
        "%20",
        "%2B",
        ", Bearer ",
        "eyJhbGciOiJub25lIn0.",
        "eyJ0eXAiOiJ0b2tlbi1pbnRyb3NwZWN0aW9uK2p3dCIsImFsZyI6IkVTMjU2In0.e30.AA",
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2FzLmV4YW1wbGUifQ.AA",
    ];

    public override void Run(byte[] input)
    {
        string[] lines = Encoding.Latin1.GetString(input).Split('\n');
        string[] headers = [.. lines.Where(static it => it.StartsWith('A')).Select(static it => it[1..])];
        string? query = Array.Find(lines, static it => it.StartsWith('Q'))?[1..];
        string? form = Array.Find(lines, static it => it.StartsWith('F'))?[1..];

        Compare(PlainAuthorization.Read(headers, LongestToken), Measure(input, () => AuthorizationReader.Read(headers, LongestToken)));
        Compare(
            PlainAuthorization.Read(headers, LongestToken, More),
            Measure(input, () => AuthorizationReader.Read(headers, LongestToken, s_characters))
        );
        RequestToken token = Measure(input, () => Read(headers, query, form));

        // The server cannot decode a null character, so it is unknown whether the form has a token.
        if (form?.Contains("%00", StringComparison.Ordinal) == true && token.IsMalformed)
            return;
        Compare(PlainAuthorization.Read(headers, query, form, LongestToken), token);
        if (!token.IsMalformed && !token.IsNone)
            CheckJwt(input, token.Value.ToString());
    }

    private static RequestToken Read(string[] headers, string? query, string? form)
    {
        HttpRequest request = new DefaultHttpContext().Request;
        request.Headers.Authorization = headers;
        request.Path = "/hub";
        request.QueryString = new QueryString(query is null ? null : "?" + query);
        if (form is not null)
        {
            request.Method = "POST";
            request.ContentType = "application/x-www-form-urlencoded";
            request.Body = new MemoryStream(Encoding.Latin1.GetBytes(form));
        }

        ValueTask<RequestToken> reading = RequestTokenReader.ReadAsync(request, s_places, LongestToken);
        return reading.AsTask().GetAwaiter().GetResult();
    }

    private static void Compare(string expected, RequestToken token) =>
        Finding.UnlessEqual(
            expected,
            token.IsMalformed ? PlainAuthorization.Malformed
                : token.IsNone ? PlainAuthorization.None
                : $"{(token.IsDPoP ? "DPOP" : "BEARER")} {token.Value}",
            "token"
        );

    /// <summary>X19: a signed introspection response is recognized. The other members only choose a scheme.</summary>
    private void CheckJwt(byte[] input, string token)
    {
        bool isResponse = Measure(input, () => UnverifiedJwtReader.IsIntrospectionResponse(token));
        string? issuer = Measure(input, () => UnverifiedJwtReader.ReadIssuer(token));

        string[] parts = token.Split('.');
        if (parts.Length is not (3 or 5) || ReadMember(parts[0], "alg") is null)
        {
            return;
        }

        string type = ReadMember(parts[0], "typ")?.ToUpperInvariant() ?? "";
        Finding.Unless(
            isResponse || type is not ("TOKEN-INTROSPECTION+JWT" or "APPLICATION/TOKEN-INTROSPECTION+JWT"),
            "a signed introspection response is not recognized"
        );
        if (parts.Length == 3 && ReadMember(parts[1], "iss") is { } expected)
            Finding.UnlessEqual(expected, issuer, "issuer");
    }

    /// <returns>A member that is text and occurs once; null otherwise.</returns>
    private static string? ReadMember(string part, string name)
    {
        PlainValue? root = PlainBase64.Decode(part) is { } json ? PlainJson.Parse(json, maximumDepth: 16) : null;
        return
            root?.Kind == PlainKind.Object
            && root.Members.TrueForAll(static it => it.Name is not null)
            && root.Members.Count(it => it.Name == name) == 1
            && root.GetText(name) is { Length: > 0 } text
            ? text
            : null;
    }
}

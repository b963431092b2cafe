using IntrospectionAuth.Testing;
using IntrospectionAuth.Tool.Terminal;

namespace IntrospectionAuth.Tool.Serving;

/// <summary>What <c>serve</c> prints when it has started: the settings of an API, and the next commands.</summary>
internal static class ServeGuide
{
    private const string OwnSecret = "ClientSecret is the one that you gave. Keep it in user secrets.";

    public static string Write(FakeAuthorizationServer server, bool hasOwnSecret)
    {
        string url = server.BaseAddress.Port == Addresses.DefaultPort ? "" : $" --url {server.Issuer}";
        return $"""
            The authorization server listens on {server.Issuer}. Ctrl+C stops it.

            Add this section to appsettings.Development.json:

            {WriteSettings(server, hasOwnSecret)}{(hasOwnSecret ? $"{Environment.NewLine}{Environment.NewLine}{OwnSecret}" : "")}

            In another terminal, get a token and call your API at its own address:

              TOKEN=$(dotnet introspection token{url} --scope read)
              curl -i -H "Authorization: Bearer $TOKEN" http://localhost:5000/

            Requests to this server:
            """.ReplaceLineEndings();
    }

    /// <summary>The secret of the fake is in its documentation. A secret that the user gave is not written.</summary>
    private static string WriteSettings(FakeAuthorizationServer server, bool hasOwnSecret) =>
        JsonText.Write(writer =>
        {
            writer.WriteStartObject("Authentication");
            writer.WriteStartObject("Schemes");
            writer.WriteStartObject(OAuthIntrospectionDefaults.AuthenticationScheme);
            writer.WriteString(nameof(OAuthIntrospectionOptions.Authority), server.Issuer);
            writer.WriteString(nameof(OAuthIntrospectionOptions.ClientId), server.ClientId);
            if (!hasOwnSecret)
                writer.WriteString(nameof(OAuthIntrospectionOptions.ClientSecret), server.ClientSecret);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
}

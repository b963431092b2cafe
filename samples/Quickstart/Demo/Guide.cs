using IntrospectionAuth.Testing;

namespace Quickstart.Demo;

/// <summary>Prints the address of the page, and curl commands that show the same.</summary>
internal static class Guide
{
    public static void PrintGuide(this WebApplication app, FakeAuthorizationServer server)
    {
        string address = app.GetDemoAddress();
        string reader = Issue(server, "read");
        string revoked = Issue(server, "read");

        Console.WriteLine(
            $"""

            Open {address}

            or paste:

              A token with the scope: 200
              curl -i {address}/read -H "Authorization: Bearer {reader}"

              No token: 401
              curl -i {address}/read

              A token without the scope: 403
              curl -i -X POST {address}/write -H "Authorization: Bearer {reader}"

              Revoke a token: 204
              curl -i {address}/demo/revoke -d token={revoked}

              The revoked token: 401
              curl -i {address}/read -H "Authorization: Bearer {revoked}"

            Press Ctrl+C to stop.
            """);
    }

    private static string Issue(FakeAuthorizationServer server, string scope) => server.IssueToken(token =>
    {
        token.Scopes = [scope];
        token.WorkspaceId = "acme";
        token.Lifetime = TimeSpan.FromDays(1);
    });
}

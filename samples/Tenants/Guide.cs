using IntrospectionAuth.Testing;

namespace Tenants;

/// <summary>Prints curl commands that show what a tenant is.</summary>
internal static class Guide
{
    public static void PrintGuide(this WebApplication app, FakeAuthorizationServer acmeServer, FakeAuthorizationServer globexServer)
    {
        string address = app.Urls.First();
        string acme = Issue(acmeServer, "acme");
        string umbrella = Issue(globexServer, "umbrella");

        Console.WriteLine(
            $"""

            Open {address}/_introspection

            or paste:

              A token of acme at acme: 200
              curl -i {address}/workspaces/acme/orders -H "Authorization: Bearer {acme}"

              At globex, whose server does not know it: 401
              curl -i {address}/workspaces/globex/orders -H "Authorization: Bearer {acme}"

              At acme-labs, which has the same server but is another workspace: 403
              curl -i {address}/workspaces/acme-labs/orders -H "Authorization: Bearer {acme}"

              At a workspace that does not exist, so no server is called: 401
              curl -i {address}/workspaces/umbrella/orders -H "Authorization: Bearer {umbrella}"

              Add that workspace: 204
              curl -i -X PUT {address}/admin/workspaces/umbrella

              Its token, at once: 200
              curl -i {address}/workspaces/umbrella/orders -H "Authorization: Bearer {umbrella}"

              Remove it: 204
              curl -i -X DELETE {address}/admin/workspaces/umbrella

              Its token, at once: 401
              curl -i {address}/workspaces/umbrella/orders -H "Authorization: Bearer {umbrella}"

              Where clients of acme get tokens: 200
              curl -i {address}/.well-known/oauth-protected-resource/workspaces/acme

            Press Ctrl+C to stop.
            """
        );
    }

    private static string Issue(FakeAuthorizationServer server, string workspace) => server.IssueToken(token =>
    {
        token.Scopes = ["read"];
        token.WorkspaceId = workspace;
    });
}

using IntrospectionAuth;

namespace Api;

/// <summary>Removes tokens from the cache, for administrators: POST a form with one field that says which ones.</summary>
internal static class ForgetEndpoint
{
    /// <summary>Removes what the form's only field names.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cache">The cache.</param>
    /// <returns>The number of entries that this node removed, or 400.</returns>
    public static async Task<IResult> HandleAsync(HttpRequest request, OAuthIntrospectionCache cache)
    {
        if (!request.HasFormContentType)
            return Results.BadRequest();

        IFormCollection form;
        try
        {
            form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        }
        catch (InvalidDataException)
        {
            return Results.BadRequest();
        }

        if (form.Count != 1 || form.Files.Count != 0 || form.Single().Value is not [{ Length: > 0 } value])
            return Results.BadRequest();

        int? removed = form.Keys.Single() switch
        {
            "token" => cache.RemoveToken(value),
            "subject" => cache.RemoveSubject(value),
            "session" => cache.RemoveSession(value),
            "client" => cache.RemoveClient(value),
            "organization" => cache.RemoveOrganization(value),
            "workspace" => cache.RemoveWorkspace(value),
            _ => null,
        };
        return removed is null ? Results.BadRequest() : Results.Ok(new { removed });
    }
}

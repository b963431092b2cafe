namespace IntrospectionAuth.Outcomes;

/// <summary>
/// Defines which statuses can mean that the token is inactive (<see cref="OAuthIntrospectionOptions.InactiveStatusCodes"/>).
/// </summary>
internal static class InactiveStatus
{
    /// <summary>
    /// Whether a status can be about the token. Others are about the server, a proxy or the form of the request.
    /// </summary>
    public static bool CanBeMeant(int statusCode) => statusCode is 400 or 401 or 403 or 404 or 410 or 422;

    /// <returns>What another status means, as the end of a sentence.</returns>
    public static string Describe(int statusCode) =>
        statusCode switch
        {
            200 => "with it comes the response itself",
            408 or 425 => "it says that the request came too slowly or too early",
            413 or 414 or 431 => "it says that the request is too large",
            429 => "it says that the server is asked too often",
            >= 500 and < 600 => "it says that the server fails",
            >= 300 and < 400 => "it is a redirect, which is never followed",
            >= 400 and < 500 => "it is about the form of the request, or about a proxy on the way",
            _ => "it is not a status of an error",
        };
}

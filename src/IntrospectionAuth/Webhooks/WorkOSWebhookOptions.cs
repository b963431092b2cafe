namespace IntrospectionAuth;

/// <summary>Options of the endpoint that receives the webhooks of WorkOS.</summary>
public sealed class WorkOSWebhookOptions
{
    /// <summary>Gets or sets the path of the endpoint.</summary>
    /// <value>The default is <c>/webhooks/workos</c>.</value>
    public string Path { get; set; } = "/webhooks/workos";

    /// <summary>Gets the signing secrets of the endpoint, from the dashboard of WorkOS.</summary>
    /// <value>Empty by default, which is an error at startup. At least 16 characters each.</value>
    /// <remarks>
    /// A webhook that one of them signed is accepted. To replace a secret, add the new one, replace it at WorkOS, then remove the old one.
    /// </remarks>
    public IList<string> Secrets { get; } = [];
}

using System.Diagnostics;

namespace IntrospectionAuth.Telemetry;

/// <summary>Traces the shared call: a span of its own, since it belongs to no request, to which the requests that waited are linked.</summary>
internal sealed class IntrospectionActivities : IDisposable
{
    private readonly ActivitySource _source = new(OAuthIntrospectionTelemetry.ActivitySourceName);

    public Activity? Start(string scheme)
    {
        Activity? activity = _source.StartActivity("introspect", ActivityKind.Internal);
        activity?.SetTag("aspnetcore.authentication.scheme", scheme);
        return activity;
    }

    public static void End(Activity? activity, string outcome, string? errorType)
    {
        if (activity is null)
            return;

        activity.SetTag("introspection_auth.outcome", outcome);
        if (errorType is null)
            return;

        activity.SetTag("error.type", errorType);
        activity.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>Links the request that waits to the call that it waits for.</summary>
    public static void Link(ActivityContext call)
    {
        if (call != default)
            Activity.Current?.AddLink(new ActivityLink(call));
    }

    public void Dispose() => _source.Dispose();
}

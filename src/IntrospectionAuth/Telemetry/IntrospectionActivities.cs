using System.Diagnostics;

namespace IntrospectionAuth.Telemetry;

/// <summary>
/// Traces introspection calls and discovery. A call has a root span, because several requests may share it; each of them links to it.
/// </summary>
internal sealed class IntrospectionActivities : IDisposable
{
    private readonly ActivitySource _source = new(OAuthIntrospectionTelemetry.ActivitySourceName);

    // The tag is set at the start, so that a sampler can use it.
    public Activity? Start(string scheme) =>
        _source.HasListeners()
            ? _source.StartActivity("introspect", ActivityKind.Internal, parentContext: default, [IntrospectionMetrics.SchemeTag(scheme)])
            : null;

    public Activity? StartDiscovery(string scheme) =>
        _source.HasListeners()
            ? _source.StartActivity("discover", ActivityKind.Internal, parentContext: default, [IntrospectionMetrics.SchemeTag(scheme)])
            : null;

    public static void EndDiscovery(Activity? activity, string? errorType)
    {
        if (activity is null || errorType is null)
            return;

        activity.SetTag(IntrospectionMetrics.ErrorTypeTagName, errorType);
        activity.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>Ends the span of a call that failed in the application's event handler.</summary>
    public static void Fail(Activity? activity, Exception exception) => End(activity, "unavailable", exception.GetType().FullName);

    public static void End(Activity? activity, string outcome, string? errorType)
    {
        if (activity is null)
            return;

        activity.SetTag(IntrospectionMetrics.OutcomeTagName, outcome);
        if (errorType is null)
            return;

        activity.SetTag(IntrospectionMetrics.ErrorTypeTagName, errorType);
        activity.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>Links the current request to the call that it waited for, unless the request has ended.</summary>
    public static void Link(Activity? call)
    {
        if (call is not null && Activity.Current is { IsStopped: false } request)
            request.AddLink(new ActivityLink(call.Context));
    }

    public void Dispose() => _source.Dispose();
}

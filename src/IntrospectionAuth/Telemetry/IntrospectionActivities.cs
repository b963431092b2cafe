using System.Diagnostics;

namespace IntrospectionAuth.Telemetry;

/// <summary>Traces the shared call: a span of its own, since it belongs to no request, to which the requests that waited are linked.</summary>
internal sealed class IntrospectionActivities : IDisposable
{
    private readonly ActivitySource _source = new(OAuthIntrospectionTelemetry.ActivitySourceName);

    // The tag is there from the beginning: a sampler may decide by it.
    public Activity? Start(string scheme) =>
        _source.HasListeners()
            ? _source.StartActivity("introspect", ActivityKind.Internal, parentContext: default, [IntrospectionMetrics.SchemeTag(scheme)])
            : null;

    /// <summary>Traces the search for the server's metadata, which belongs to no call either.</summary>
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

    /// <summary>Ends the span of a call that the application's own event let fail.</summary>
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

    /// <summary>Links the request that waited to the call that it waited for, unless it has gone.</summary>
    public static void Link(Activity? call)
    {
        if (call is not null && Activity.Current is { IsStopped: false } request)
            request.AddLink(new ActivityLink(call.Context));
    }

    public void Dispose() => _source.Dispose();
}

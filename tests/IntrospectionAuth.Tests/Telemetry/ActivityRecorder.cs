using System.Collections.Concurrent;
using System.Diagnostics;

namespace IntrospectionAuth.Tests.Telemetry;

/// <summary>Listens to the spans of one scheme. Sources are known to the whole process, so a test's scheme has a name of its own.</summary>
internal sealed class ActivityRecorder : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<Activity> _ended = new();

    public ActivityRecorder(string scheme)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == OAuthIntrospectionTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Tags?.Any(tag => tag.Value as string == scheme) == true
                    ? ActivitySamplingResult.AllDataAndRecorded
                    : ActivitySamplingResult.None,
            ActivityStopped = activity =>
            {
                // What another test's listener had recorded is told to this one too.
                if (activity.TagObjects.Any(tag => tag.Value as string == scheme))
                    _ended.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The spans that have ended.</summary>
    public IReadOnlyCollection<Activity> Ended => _ended;

    public void Dispose() => _listener.Dispose();
}

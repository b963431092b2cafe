using System.Diagnostics;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.Telemetry;

/// <summary>Records the spans of one scheme. Activity sources are global to the process, so each test uses a unique scheme name.</summary>
internal sealed class ActivityRecorder : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly Journal<Activity> _ended = new();

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
                // Spans that another test's listener records also arrive here.
                if (activity.TagObjects.Any(tag => tag.Value as string == scheme))
                    _ended.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The completed spans.</summary>
    public IReadOnlyCollection<Activity> Ended => _ended;

    /// <summary>Waits until that many spans have ended.</summary>
    public Task WaitForAsync(int count) => _ended.WaitForAsync(static _ => true, count);

    public void Dispose() => _listener.Dispose();
}

using Microsoft.AspNetCore.Http.Features;

namespace IntrospectionAuth.Benchmarks.Hosting;

/// <summary>A response that runs its completion callbacks, which dispose the request's services.</summary>
internal sealed class DirectResponse : HttpResponseFeature
{
    private readonly List<(Func<object, Task> Callback, object State)> _completed = [];

    public override void OnCompleted(Func<object, Task> callback, object state) => _completed.Add((callback, state));

    public async Task CompleteAsync()
    {
        for (int i = _completed.Count - 1; i >= 0; i--)
            await _completed[i].Callback(_completed[i].State);
    }
}

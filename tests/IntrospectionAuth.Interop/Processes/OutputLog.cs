using System.Text;

namespace IntrospectionAuth.Interop.Processes;

/// <summary>What an API has written so far.</summary>
internal sealed class OutputLog
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60); // generous, for a busy machine

    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Text
    {
        get
        {
            lock (_lock)
                return _text.ToString();
        }
    }

    public void AddLine(string line)
    {
        lock (_lock)
        {
            _text.AppendLine(line);
            _next.SetResult();
            _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Waits until a text was written. The log is written shortly after the response.</summary>
    public async Task WaitForAsync(string text)
    {
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (_text.ToString().Contains(text, StringComparison.Ordinal))
                    return;
                next = _next.Task;
            }

            await next.WaitAsync(s_limit, TimeProvider.System);
        }
    }
}

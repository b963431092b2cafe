using System.Text;

namespace IntrospectionAuth.Tests.Tool;

/// <summary>Keeps what is written, and completes a task when a text has been written.</summary>
internal sealed class SignallingWriter : TextWriter
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly StringBuilder _text = new();
    private readonly List<(string Text, TaskCompletionSource Written)> _awaited = [];

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        lock (_text)
        {
            _text.Append(value);
            string all = _text.ToString();
            foreach ((string text, TaskCompletionSource written) in _awaited)
            {
                if (all.Contains(text, StringComparison.Ordinal))
                    written.TrySetResult();
            }
        }
    }

    public override void WriteLine(string? value) => Write(value + "\n");

    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }

    public override string ToString()
    {
        lock (_text)
            return _text.ToString();
    }

    public async Task WaitForAsync(string text)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_text)
        {
            if (_text.ToString().Contains(text, StringComparison.Ordinal))
                return;
            _awaited.Add((text, written));
        }

        try
        {
            await written.Task.WaitAsync(s_patience, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Not written: {text}\nWritten: {this}");
        }
    }
}

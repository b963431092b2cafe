using System.Text;

namespace IntrospectionAuth.Tool.Terminal;

/// <summary>Writes lines without the white space at their ends, with which columns are filled.</summary>
internal sealed class TrimmingWriter(TextWriter inner) : TextWriter
{
    private int _spaces;

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value)
    {
        if (value == ' ')
        {
            _spaces++;
            return;
        }

        if (value is not ('\r' or '\n'))
            inner.Write(new string(' ', _spaces));
        _spaces = 0;
        inner.Write(value);
    }

    public override void Flush() => inner.Flush();
}

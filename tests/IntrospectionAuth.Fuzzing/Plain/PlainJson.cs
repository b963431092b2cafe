using System.Globalization;
using System.Text;

namespace IntrospectionAuth.Fuzzing.Plain;

/// <summary>
/// Reads JSON one byte after another, as RFC 8259 describes it: slow, plain, and without System.Text.Json. It keeps repeated members and
/// strings that are not Unicode, so that each oracle decides about them.
/// </summary>
internal sealed class PlainJson
{
    private readonly byte[] _json;
    private readonly int _maximumDepth;
    private int _at;
    private int _depth;

    private PlainJson(byte[] json, int maximumDepth) => (_json, _maximumDepth) = (json, maximumDepth);

    /// <returns>The value; null when the bytes are not UTF-8, not exactly one JSON value, or nested too deeply.</returns>
    public static PlainValue? Parse(byte[] json, int maximumDepth)
    {
        try
        {
            new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(json);
            var reader = new PlainJson(json, maximumDepth);
            PlainValue value = reader.ReadValue();
            reader.SkipSpace();
            return reader._at == json.Length ? value : null;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Section 8.1: one byte order mark may be ignored.</summary>
    public static byte[] WithoutMark(byte[] text) => text is [0xEF, 0xBB, 0xBF, .. var rest] ? rest : text;

    private PlainValue ReadValue()
    {
        SkipSpace();
        int start = _at;
        switch (Peek())
        {
            case 'n':
                return ReadWord("null", PlainKind.Null);
            case 't':
                return ReadWord("true", PlainKind.True);
            case 'f':
                return ReadWord("false", PlainKind.False);
            case '"':
                string? text = ReadString();
                return new PlainValue(_json, PlainKind.String, start) { Text = text, End = _at };
            case '[':
                return ReadArray();
            case '{':
                return ReadObject();
            default:
                if (!PlainNumber.TryRead(_json, ref _at))
                    throw new FormatException();
                return new PlainValue(_json, PlainKind.Number, start) { End = _at };
        }
    }

    private PlainValue ReadWord(string word, PlainKind kind)
    {
        var value = new PlainValue(_json, kind, _at);
        foreach (char c in word)
            Expect(c);
        value.End = _at;
        return value;
    }

    private PlainValue ReadArray()
    {
        var value = new PlainValue(_json, PlainKind.Array, _at);
        Enter();
        SkipSpace();
        if (Peek() != ']')
        {
            value.Items.Add(ReadValue());
            for (SkipSpace(); Peek() == ','; SkipSpace())
            {
                _at++;
                value.Items.Add(ReadValue());
            }
        }

        Expect(']');
        _depth--;
        value.End = _at;
        return value;
    }

    private PlainValue ReadObject()
    {
        var value = new PlainValue(_json, PlainKind.Object, _at);
        Enter();
        SkipSpace();
        if (Peek() != '}')
        {
            value.Members.Add(ReadMember());
            for (SkipSpace(); Peek() == ','; SkipSpace())
            {
                _at++;
                value.Members.Add(ReadMember());
            }
        }

        Expect('}');
        _depth--;
        value.End = _at;
        return value;
    }

    private (string? Name, PlainValue Value) ReadMember()
    {
        SkipSpace();
        string? name = ReadString();
        SkipSpace();
        Expect(':');
        return (name, ReadValue());
    }

    /// <returns>The text; null when it has half of a surrogate pair.</returns>
    private string? ReadString()
    {
        Expect('"');
        var utf16 = new StringBuilder();
        while (Peek() != '"')
        {
            if (Peek() < ' ')
                throw new FormatException();
            if (Peek() == '\\')
            {
                _at++;
                utf16.Append(ReadEscape());
                continue;
            }

            int length = Peek() switch
            {
                < 0x80 => 1,
                < 0xE0 => 2,
                < 0xF0 => 3,
                _ => 4,
            };
            utf16.Append(Encoding.UTF8.GetString(_json, _at, length));
            _at += length;
        }

        _at++;
        string text = utf16.ToString();
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return null;
        }

        return text;
    }

    private char ReadEscape()
    {
        char c = (char)Peek();
        _at++;
        switch (c)
        {
            case '"' or '\\' or '/':
                return c;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u' when _at + 4 <= _json.Length && _json.AsSpan(_at, 4).ToArray().All(static it => char.IsAsciiHexDigit((char)it)):
                _at += 4;
                return (char)int.Parse(Encoding.ASCII.GetString(_json, _at - 4, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            default:
                throw new FormatException();
        }
    }

    private void Enter()
    {
        if (++_depth > _maximumDepth)
            throw new FormatException();
        _at++;
    }

    private void Expect(char c)
    {
        if (Peek() != c)
            throw new FormatException();
        _at++;
    }

    private int Peek() => _at < _json.Length ? _json[_at] : throw new FormatException();

    private void SkipSpace()
    {
        while (_at < _json.Length && _json[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            _at++;
    }
}

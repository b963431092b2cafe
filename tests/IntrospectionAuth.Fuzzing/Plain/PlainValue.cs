using System.Text;

namespace IntrospectionAuth.Fuzzing.Plain;

/// <summary>A JSON value as <see cref="PlainJson"/> reads it.</summary>
internal sealed class PlainValue(byte[] source, PlainKind kind, int start)
{
    public PlainKind Kind => kind;

    /// <summary>The offset of the first byte.</summary>
    public int Start => start;

    /// <summary>The offset after the last byte.</summary>
    public int End { get; set; }

    /// <summary>The text of a string; null when it is not Unicode.</summary>
    public string? Text { get; set; }

    public List<(string? Name, PlainValue Value)> Members { get; } = [];

    public List<PlainValue> Items { get; } = [];

    /// <summary>The value as it was written.</summary>
    public string Raw => Encoding.UTF8.GetString(source, start, End - start);

    /// <summary>Whether every string in it, names included, is Unicode.</summary>
    public bool IsUnicode =>
        (kind != PlainKind.String || Text is not null)
        && Members.TrueForAll(static member => member.Name is not null && member.Value.IsUnicode)
        && Items.TrueForAll(static item => item.IsUnicode);

    /// <summary>Whether an object names a member twice.</summary>
    public bool HasMemberTwice => Members.Select(static member => member.Name).Distinct(StringComparer.Ordinal).Count() != Members.Count;

    /// <summary>Whether it, or an object inside, names a member twice.</summary>
    public bool HasMemberTwiceAnywhere =>
        HasMemberTwice
        || Members.Exists(static member => member.Value.HasMemberTwiceAnywhere)
        || Items.Exists(static item => item.HasMemberTwiceAnywhere);

    /// <returns>The first member with this name; null when there is none.</returns>
    public PlainValue? Get(string name) => Members.Find(member => member.Name == name).Value;

    /// <returns>The text of a member that is a string; null otherwise.</returns>
    public string? GetText(string name) => Get(name) is { Kind: PlainKind.String } value ? value.Text : null;
}

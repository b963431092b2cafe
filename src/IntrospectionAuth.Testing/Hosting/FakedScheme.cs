namespace IntrospectionAuth.Testing.Hosting;

/// <summary>A scheme whose calls go to a fake.</summary>
internal sealed class FakedScheme(string name)
{
    public string Name => name;
}

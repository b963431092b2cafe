namespace IntrospectionAuth.Tests.Configuration;

/// <summary>One option: its key in configuration, and its type.</summary>
internal sealed class Option(string key, Type type)
{
    public string Key { get; } = key;

    public OptionKind Kind { get; } =
        type == typeof(bool) ? OptionKind.Flag
        : type == typeof(int) || type == typeof(int?) ? OptionKind.Number
        : type == typeof(double) ? OptionKind.Fraction
        : type == typeof(TimeSpan) || type == typeof(TimeSpan?) ? OptionKind.Time
        : type == typeof(IDictionary<string, string>) ? OptionKind.Map
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>) ? OptionKind.List
        : type == typeof(string) ? OptionKind.Text
        : type.IsEnum || type == typeof(ClientAuthenticationMethod) ? OptionKind.Name
        : throw new InvalidOperationException($"Add how configuration sets {key}, a {type}, here, or add it to OptionTable.CodeOnly.");

    public bool IsListOfNumbers { get; } = type == typeof(IList<int>);

    public override string ToString() => Key;

    /// <summary>The section of a scheme in which this option has a value, itself JSON.</summary>
    public string Json(string value)
    {
        foreach (string part in Key.Split(':').Reverse())
            value = $$"""{ "{{part}}": {{value}} }""";
        return value;
    }

    public object? ValueOf(OAuthIntrospectionOptions options)
    {
        object? value = options;
        foreach (string part in Key.Split(':'))
            value = value!.GetType().GetProperty(part)!.GetValue(value);
        return value;
    }
}

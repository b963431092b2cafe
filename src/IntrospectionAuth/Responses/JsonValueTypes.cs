namespace IntrospectionAuth.Responses;

/// <summary>The value types of claims that hold JSON, spelled as ASP.NET Core's token handlers spell them.</summary>
internal static class JsonValueTypes
{
    public const string Object = "JSON";

    public const string Array = "JSON_ARRAY";
}

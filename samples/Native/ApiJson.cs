using System.Text.Json.Serialization;

namespace Native;

/// <summary>Writes the responses of the endpoints without reflection.</summary>
[JsonSerializable(typeof(Caller))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ApiJson : JsonSerializerContext;

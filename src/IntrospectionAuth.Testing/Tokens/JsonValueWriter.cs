using System.Collections;
using System.Text.Json;

namespace IntrospectionAuth.Testing.Tokens;

/// <summary>Writes the values that a test may add to a response.</summary>
internal static class JsonValueWriter
{
    public static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool boolean:
                writer.WriteBooleanValue(boolean);
                break;
            case sbyte or byte or short or ushort or int or uint or long:
                writer.WriteNumberValue(Convert.ToInt64(value, provider: null));
                break;
            case ulong number:
                writer.WriteNumberValue(number);
                break;
            case float number:
                writer.WriteNumberValue(number);
                break;
            case double number:
                writer.WriteNumberValue(number);
                break;
            case decimal number:
                writer.WriteNumberValue(number);
                break;
            case FakeJson json:
                writer.WriteRawValue(json.Text, skipInputValidation: true);
                break;
            case IEnumerable<KeyValuePair<string, object?>> members:
                WriteObject(writer, members);
                break;
            case IEnumerable<KeyValuePair<string, string>> members:
                WriteObject(writer, members.Select(member => KeyValuePair.Create(member.Key, (object?)member.Value)));
                break;
            case IEnumerable items:
                WriteArray(writer, items);
                break;
            default:
                throw new ArgumentException(
                    $"A value of type {value.GetType()} cannot be a member of a response. Use a string, boolean, number, dictionary, "
                        + "sequence, null or FakeJson.",
                    nameof(value)
                );
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, object?>> members)
    {
        writer.WriteStartObject();
        foreach ((string name, object? value) in members)
        {
            writer.WritePropertyName(name);
            Write(writer, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter writer, IEnumerable items)
    {
        writer.WriteStartArray();
        foreach (object? item in items)
            Write(writer, item);
        writer.WriteEndArray();
    }
}

using System.Text.Json;
using IntrospectionAuth.Json;

namespace IntrospectionAuth.Tests.Json;

public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("""{"a":"a text of é"}""", "a text of é")]
    [InlineData("""{"a":""}""", "")]
    [InlineData("""{"a":1}""", null)]
    [InlineData("""{"a":["text"]}""", null)]
    [InlineData("""{"a":null}""", null)]
    [InlineData("""{"a":"\ud800"}""", null)]
    [InlineData("""{"A":"text"}""", null)]
    public void Only_a_string_of_Unicode_characters_is_read(string json, string? expected)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Equal(expected, document.RootElement.ReadUnicode("a"));
    }
}

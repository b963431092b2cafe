using System.Text;
using IntrospectionAuth.Claims;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Tests.Claims;

public sealed class ResponseMembersTests
{
    [Theory]
    [InlineData("""{"active":true,"org_id":"a"}""", "org_id", "a", true)]
    [InlineData("""{"active":true,"org_id":"A"}""", "org_id", "a", false)]
    [InlineData("""{"active":true,"Org_id":"a"}""", "org_id", "a", false)]
    [InlineData("""{"active":true,"org_id":["a","b"]}""", "org_id", "b", true)]
    [InlineData("""{"active":true,"org_id":42}""", "org_id", "42", true)]
    [InlineData("""{"active":true,"org_id":null}""", "org_id", "", false)]
    [InlineData("""{"active":true,"org":{"id":"a"}}""", "org.id", "a", true)]
    [InlineData("""{"active":true,"org":{"id":"b"}}""", "org.id", "a", false)]
    [InlineData("""{"active":true,"org.id":"a"}""", "org.id", "a", true)]
    [InlineData("""{"active":true,"org.id":"b","org":{"id":"a"}}""", "org.id", "a", false)]
    [InlineData("""{"active":true,"org":{"":"a"}}""", "org.", "a", false)]
    [InlineData("""{"active":true}""", "org_id", "a", false)]
    public void A_member_is_read_by_its_path_in_the_response(string json, string path, string value, bool expected)
    {
        IntrospectionResponse response = IntrospectionResponseReader.Read(Encoding.UTF8.GetBytes(json), DateTimeOffset.UnixEpoch).Response!;

        Assert.Equal(expected, ResponseMembers.HasAt(response, path, value));
    }

    [Theory]
    [InlineData("org_id", "a", true)]
    [InlineData("org_id", "b", true)]
    [InlineData("org_id", "c", false)]
    [InlineData("org.id", "d", false)] // no path
    public void A_member_is_read_by_its_name(string name, string value, bool expected)
    {
        IntrospectionResponse response = IntrospectionResponseReader
            .Read("""{"active":true,"org_id":["a","b"],"org":{"id":"d"}}"""u8, DateTimeOffset.UnixEpoch)
            .Response!;

        Assert.Equal(expected, ResponseMembers.Has(response, name, value));
    }
}

namespace IntrospectionAuth.Tests.Scopes;

/// <summary>Requirements of scopes.</summary>
public sealed class ScopeRequirementTests
{
    [Theory]
    [InlineData("read", "read")]
    [InlineData("read,write", "read write")]
    [InlineData("read write", "read write")]
    [InlineData("read write,admin", "read write admin")]
    [InlineData("  read   write  ", "read write")]
    [InlineData("read,read write,read", "read write")]
    [InlineData("read,Read", "read Read")]
    [InlineData("record_permission:read", "record_permission:read")]
    [InlineData(",read", "read")]
    public void Each_string_may_hold_several_scopes(string texts, string scopes)
    {
        ScopeRequirement all = ScopeRequirement.All(texts.Split(','));
        ScopeRequirement any = ScopeRequirement.Any(texts.Split(','));

        Assert.Equal(scopes, string.Join(' ', all.Scopes));
        Assert.Equal(scopes, string.Join(' ', any.Scopes));
        Assert.True(all.RequiresAll);
        Assert.False(any.RequiresAll);
    }

    [Theory]
    [InlineData]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("", " ")]
    [InlineData(new object?[] { null })]
    public void A_requirement_without_a_scope_throws(params string?[]? texts)
    {
        IEnumerable<string> scopes = (texts ?? [null]).Select(text => text!);

        Assert.Throws<ArgumentException>(() => ScopeRequirement.All(scopes));
        Assert.Throws<ArgumentException>(() => ScopeRequirement.Any(scopes));
        Assert.Throws<ArgumentException>(() => new RequireScopeAttribute([.. scopes]));
    }

    [Fact]
    public void A_requirement_describes_its_scopes()
    {
        Assert.Equal("ScopeRequirement: all of a b", ScopeRequirement.All("a", "b").ToString());
        Assert.Equal("ScopeRequirement: any of a b", ScopeRequirement.Any("a b").ToString());
    }
}

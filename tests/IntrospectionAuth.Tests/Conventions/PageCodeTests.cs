namespace IntrospectionAuth.Tests.Conventions;

/// <summary>What a page shows in C# compiles as it stands there.</summary>
public sealed class PageCodeTests
{
    public static TheoryData<string> Pages => DocumentationTests.Pages;

    [Theory]
    [MemberData(nameof(Pages))]
    public void Code_on_a_page_compiles_with_what_the_page_shows(string page)
    {
        string[] blocks = [.. DocumentationTests.Blocks(page, "csharp")];

        Assert.All(
            blocks,
            block =>
            {
                IReadOnlyList<string> faults = PageCode.FindFaults(block, blocks);
                Assert.True(faults.Count == 0, $"{block}\n{string.Join('\n', faults)}");
            }
        );
    }

    [Theory]
    [InlineData("using IntrospectionAuth;\noptions.UseAttio();", "")]
    [InlineData("options.UseAttio();", "CS1061")]
    [InlineData("options.ClientAuthenticationMethod = ClientAuthenticationMethod.None;", "CS0103")]
    [InlineData("options.ClientSecret = secret;", "CS0103")]
    [InlineData("options.ClientId = builder.Configuration[\"Id\"];", "")]
    [InlineData("using IntrospectionAuth;\noptions.UseWorkOS(\"https://a.example\", \"id\", builder.Configuration[\"Secret\"]);", "CS8604")]
    [InlineData("app.MapGet(\"/\", () => \"\").RequireScope(\"read\");", "")]
    [InlineData("builder.Services.AddAuthentication().AddOAuthIntrospection();\napp.MapGet(\"/\", () => \"\").RequireScope(\"read\");", "")]
    [InlineData("app.MapPost(\"/\", Pay);", "CS0103")]
    [InlineData("[RequireScope(\"admin\")]\npublic class AdminController;", "CS0246")]
    [InlineData("using IntrospectionAuth;\n[RequireScope(\"admin\")]\npublic class AdminController;", "")]
    [InlineData("var builder = WebApplication.CreateBuilder(args);\nbuilder.Build().Run();", "")]
    [InlineData("var builder = WebApplication.CreateBuilder(args);\noptions.Realm = \"\";", "CS0103")]
    [InlineData("server.Disconnect();", "")]
    [InlineData("Assert.Equal(1, server.CallCount);", "CS0103")]
    [InlineData("using Xunit;\nAssert.Equal(1, server.CallCount);", "")]
    [InlineData("options.UseAttio()", "CS1002")]
    public void A_block_that_lacks_something_is_found(string block, string fault)
    {
        IReadOnlyList<string> faults = PageCode.FindFaults(block, [block]);

        if (fault.Length == 0)
            Assert.Empty(faults);
        else
            Assert.Contains(faults, found => found.Contains(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void A_block_may_use_a_type_that_another_block_of_the_page_shows()
    {
        const string type = "public sealed class MyHandler : DelegatingHandler;";
        const string use = "builder.Services.AddHttpClient(\"x\").AddHttpMessageHandler(() => new MyHandler());";

        Assert.Empty(PageCode.FindFaults(use, [type, use]));
        Assert.NotEmpty(PageCode.FindFaults(use, [use]));
    }
}

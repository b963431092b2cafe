using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace IntrospectionAuth.Tests.Authorization;

/// <summary>The output of the Razor compiler for a page whose model requires less than its base class.</summary>
[SuppressMessage(
    "Design",
    "CA1034:Nested types should not be visible",
    Justification = "MVC looks for public models; they belong to this page."
)]
public sealed class LenientPage : Page
{
    /// <summary>The model, under the name that MVC expects.</summary>
    public Derived Model => ((ViewDataDictionary<Derived>)PageContext.ViewData).Model;

    /// <summary>Writes the page.</summary>
    /// <returns>A completed task.</returns>
    public override Task ExecuteAsync()
    {
        WriteLiteral("page");
        return Task.CompletedTask;
    }

    /// <summary>A base class that requires a new response.</summary>
    [RequireFreshToken(0)]
    [RequireAcr("gold")]
    public abstract class Base : PageModel;

    /// <summary>A model that requires less.</summary>
    [RequireFreshToken(3600)]
    [RequireAcr("gold", "silver")]
    public sealed class Derived : Base;
}

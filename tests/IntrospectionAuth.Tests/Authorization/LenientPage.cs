using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace IntrospectionAuth.Tests.Authorization;

/// <summary>What the Razor compiler makes of a page whose model asks for less than its base class.</summary>
[SuppressMessage(
    "Design",
    "CA1034:Nested types should not be visible",
    Justification = "MVC looks for public models; they belong to this page."
)]
public sealed class LenientPage : Page
{
    /// <summary>The model, by the name under which MVC looks for it.</summary>
    public Derived Model => ((ViewDataDictionary<Derived>)PageContext.ViewData).Model;

    /// <summary>Writes the page.</summary>
    /// <returns>A task that is done at once.</returns>
    public override Task ExecuteAsync()
    {
        WriteLiteral("page");
        return Task.CompletedTask;
    }

    /// <summary>A base class that demands an answer of now.</summary>
    [RequireFreshToken(0)]
    [RequireAcr("gold")]
    public abstract class Base : PageModel;

    /// <summary>A model that asks for less.</summary>
    [RequireFreshToken(3600)]
    [RequireAcr("gold", "silver")]
    public sealed class Derived : Base;
}

using Microsoft.AspNetCore.Authorization;

namespace IntrospectionAuth.Authorization;

/// <summary>The name of the policy of an attribute: the attribute's type and its arguments.</summary>
/// <remarks>
/// In .NET 10, only the authorization middleware reads <see cref="IAuthorizationRequirementData"/>. SignalR's hub methods, MVC's
/// <c>AuthorizeFilter</c>, Blazor's <c>AuthorizeView</c> and every other caller of <c>AuthorizationPolicy.CombineAsync</c> read
/// <see cref="IAuthorizeData"/> alone, and an attribute cannot tell where it is applied. So the name of its policy carries its requirement.
/// </remarks>
internal static class AttributePolicyName
{
    private const string Prefix = "IntrospectionAuth:";

    public static string Create(string attribute, params IEnumerable<string?> arguments) =>
        Prefix + attribute + ":" + string.Join(':', arguments.Select(static argument => Uri.EscapeDataString(argument ?? "")));

    /// <returns>The type of the attribute, and its arguments; null when the policy belongs to no attribute of ours.</returns>
    public static (string Attribute, string[] Arguments)? Parse(string policyName) =>
        policyName.StartsWith(Prefix, StringComparison.Ordinal)
        && policyName[Prefix.Length..].Split(':') is [string attribute, .. string[] arguments]
            ? (attribute, Array.ConvertAll(arguments, Uri.UnescapeDataString))
            : null;
}

using System.Reflection;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary>Which types are public, where they live, and what the core depends on.</summary>
public sealed class PublicSurfaceTests
{
    [Fact]
    public void Public_types_live_where_users_look_for_them()
    {
        string[] namespaces = ["IntrospectionAuth", "Microsoft.AspNetCore.Builder", "Microsoft.Extensions.DependencyInjection"];

        Assert.All(
            typeof(OAuthIntrospectionOptions).Assembly.GetExportedTypes(),
            type => Assert.Contains(type.Namespace!, namespaces, StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Folder_namespaces_hold_internal_types_only()
    {
        IEnumerable<Type> wrong = typeof(OAuthIntrospectionOptions)
            .Assembly.GetTypes()
            .Where(type =>
                type is { IsPublic: true, Namespace: not null } && type.Namespace.StartsWith("IntrospectionAuth.", StringComparison.Ordinal)
            );

        Assert.Empty(wrong);
    }

    [Fact]
    public void Nothing_static_can_change()
    {
        // The two registers are written by their own static initializers, once, and have no setter.
        string[] registers = ["ClientAuthenticationMethod.s_byName", "ProviderPreset.s_byName"];

        IEnumerable<string> mutable = typeof(OAuthIntrospectionOptions)
            .Assembly.GetTypes()
            .Where(type =>
                !type.Name.Contains('<', StringComparison.Ordinal)
                && type.DeclaringType?.Name.Contains('<', StringComparison.Ordinal) != true
            )
            .SelectMany(type =>
                type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            )
            .Where(field => !field.IsInitOnly && !field.IsLiteral && !field.Name.Contains('<', StringComparison.Ordinal))
            .Select(field => $"{field.DeclaringType!.Name}.{field.Name}");

        Assert.Equal(registers, mutable.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public void The_core_depends_on_the_shared_framework_and_Polly_alone()
    {
        IEnumerable<string> foreign = typeof(OAuthIntrospectionOptions)
            .Assembly.GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name =>
                !name.StartsWith("System.", StringComparison.Ordinal)
                && !name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal)
                && !name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
                && name is not ("Microsoft.Net.Http.Headers" or "Polly.Core")
            );

        Assert.Empty(foreign);
    }

    // The recorded public API has types and members, but not what a type derives from.
    [Theory]
    [InlineData(
        typeof(OAuthIntrospectionOptions),
        """
            AuthenticationFailedContext: ResultContext`1
            ChallengeContext: PropertiesContext`1
            ForbiddenContext: PropertiesContext`1
            IFleetEngine: ISharedCacheEngine
            MessageReceivedContext: ResultContext`1
            OAuthIntrospectionException: AuthenticationFailureException
            OAuthIntrospectionOptions: AuthenticationSchemeOptions
            RequireAcrAttribute: AuthorizeAttribute
            RequireFreshTokenAttribute: AuthorizeAttribute
            RequireRecentAuthenticationAttribute: AuthorizeAttribute
            RequireScopeAttribute: AuthorizeAttribute
            RequireTenantAttribute: AuthorizeAttribute
            ScopeRequirement: IAuthorizationRequirement
            SecurityEventEndpointOptions: SecurityEventOptions
            SecurityEventPollerOptions: SecurityEventOptions
            TokenValidatedContext: ResultContext`1
            """
    )]
    [InlineData(
        typeof(FakeAuthorizationServer),
        """
            FakeAuthorizationServer: IAsyncDisposable IDisposable
            HeldResponses: IDisposable
            """
    )]
    public void A_public_type_derives_from_and_implements_what_is_written_down(Type inside, string expected)
    {
        IEnumerable<string> types = inside
            .Assembly.GetExportedTypes()
            .Where(static type => type is { IsEnum: false, IsValueType: false } && !type.IsAssignableTo(typeof(Delegate)))
            .Select(static type => (type.Name, Bases: string.Join(' ', BasesOf(type))))
            .Where(static type => type.Bases.Length > 0)
            .Select(static type => $"{type.Name}: {type.Bases}");

        string actual = string.Join('\n', types.Order(StringComparer.Ordinal));
        Assert.True(expected.ReplaceLineEndings("\n") == actual, actual);
    }

    private static IEnumerable<string> BasesOf(Type type)
    {
        IEnumerable<Type> inherited = type.BaseType?.GetInterfaces() ?? [];
        return ((Type?[])[type.BaseType == typeof(object) ? null : type.BaseType, .. type.GetInterfaces().Except(inherited)])
            .OfType<Type>()
            .Where(static it => it.IsVisible)
            .Select(static it => it.Name)
            .Order(StringComparer.Ordinal);
    }
}

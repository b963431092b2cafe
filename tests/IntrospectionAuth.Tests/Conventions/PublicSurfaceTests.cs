using System.Reflection;
using System.Text;
using IntrospectionAuth.Tests.Claims;

namespace IntrospectionAuth.Tests.Conventions;

/// <summary>The public surface is written down: nothing becomes public, or stops being so, by accident.</summary>
public sealed class PublicSurfaceTests
{
    [Theory]
    [InlineData("IntrospectionAuth")]
    [InlineData("IntrospectionAuth.Testing")]
    public void The_public_surface_is_what_is_written_down(string assembly)
    {
        string file = Path.Combine(Repository.Root, $"src/{assembly}/PublicApi.txt");
        string actual = Describe(Assembly.Load(assembly));
        string expected = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";

        if (actual != expected)
            File.WriteAllText(Path.ChangeExtension(file, ".received.txt"), actual);
        Assert.True(
            actual == expected,
            $"src/{assembly}/PublicApi.txt differs from PublicApi.received.txt beside it. If the change is meant, replace the former by the latter."
        );
    }

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

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(type.FullName)
                .Append(type.BaseType is { } baseType && baseType != typeof(object) && !type.IsValueType ? $" : {Name(baseType)}" : "")
                .Append('\n');
            foreach (
                string member in type.GetMembers(
                        BindingFlags.Public
                            | BindingFlags.NonPublic
                            | BindingFlags.Instance
                            | BindingFlags.Static
                            | BindingFlags.DeclaredOnly
                    )
                    .Where(IsVisible)
                    .Select(member => Describe(member, type))
                    .Order(StringComparer.Ordinal)
            )
            {
                text.Append("  ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    private static bool IsVisible(MemberInfo member) =>
        member switch
        {
            MethodBase method => (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly)
                && (!method.IsSpecialName || method.IsConstructor),
            PropertyInfo property => property.GetAccessors(nonPublic: true).Any(accessor => accessor.IsPublic || accessor.IsFamily),
            FieldInfo field => (field.IsPublic || field.IsFamily) && !field.IsSpecialName,
            _ => false,
        };

    private static string Describe(MemberInfo member, Type type) =>
        member switch
        {
            ConstructorInfo constructor => $"new({Parameters(constructor)})",
            MethodInfo method => $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)} {method.Name}({Parameters(method)})",
            PropertyInfo property =>
                $"{(property.GetAccessors(true)[0].IsStatic ? "static " : "")}{Name(property.PropertyType)} {property.Name} {{{(property.GetMethod is { IsPublic: true } ? " get;" : "")}{(property.SetMethod is { IsPublic: true } ? " set;" : "")} }}",
            FieldInfo { IsLiteral: true } field => $"const {field.Name} = {field.GetRawConstantValue()}",
            FieldInfo field => $"{Name(field.FieldType)} {field.Name}",
            _ => $"{type.Name}.{member.Name}",
        };

    private static string Parameters(MethodBase method) =>
        string.Join(
            ", ",
            method
                .GetParameters()
                .Select(parameter =>
                    $"{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "null"}" : "")}"
                )
        );

    private static string Name(Type type) =>
        type.IsGenericType
            ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
            : type.Name;
}

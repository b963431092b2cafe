using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace IntrospectionAuth.Tests.Arguments;

/// <summary>Null in place of what a public signature requires: the mistake of a caller without nullable annotations.</summary>
public sealed class NullArgumentTests
{
    private static readonly NullabilityInfoContext _nullability = new();

    public static TheoryData<string> Required => [.. Parameters().Select(Describe).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Required))]
    public async Task An_argument_that_is_null_is_named(string required)
    {
        ParameterInfo parameter = Parameters().Single(it => Describe(it) == required);

        var exception = await Assert.ThrowsAsync<ArgumentNullException>(() => CallWithNullAsync(parameter));

        Assert.Equal(parameter.Name, exception.ParamName);
    }

    private static IEnumerable<ParameterInfo> Parameters() =>
        from type in typeof(OAuthIntrospectionOptions).Assembly.GetExportedTypes()
        where !typeof(Delegate).IsAssignableFrom(type) && !type.IsInterface
        from method in type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .OfType<MethodBase>()
        where !method.IsVirtual && !method.IsDefined(typeof(CompilerGeneratedAttribute)) && !IsOfProperty(method)
        where !(method.IsConstructor && type.IsAbstract)
        from parameter in Closed(method).GetParameters()
        where parameter.Name != "secret" // missing in the configuration: the exception says where it is found
        where !parameter.ParameterType.IsValueType && _nullability.Create(parameter).WriteState != NullabilityState.Nullable
        select parameter;

    private static bool IsOfProperty(MethodBase method) => method is MethodInfo { IsSpecialName: true };

    private static MethodBase Closed(MethodBase method) =>
        method is MethodInfo { IsGenericMethodDefinition: true } generic
            ? generic.MakeGenericMethod(typeof(IEndpointConventionBuilder))
            : method;

    private static string Describe(ParameterInfo parameter) =>
        $"{parameter.Member.DeclaringType!.Name}.{parameter.Member.Name}"
        + $"({string.Join(", ", ((MethodBase)parameter.Member).GetParameters().Select(it => $"{it.ParameterType.Name} {it.Name}"))})"
        + $": {parameter.Name}";

    private static async Task CallWithNullAsync(ParameterInfo parameter)
    {
        var method = (MethodBase)parameter.Member;
        object?[] arguments = [.. method.GetParameters().Select(it => it.Position == parameter.Position ? null : Value(it))];
        const BindingFlags Unwrapped = BindingFlags.DoNotWrapExceptions;
        object? result = method is ConstructorInfo constructor
            ? constructor.Invoke(Unwrapped, binder: null, arguments, culture: null)
            : method.Invoke(method.IsStatic ? null : Value(method.DeclaringType!), Unwrapped, binder: null, arguments, culture: null);
        if (result is Task task)
            await task;
    }

    private static object? Value(ParameterInfo parameter) =>
        parameter.Name switch
        {
            "path" => "/x",
            "algorithm" => "RS256",
            "routeValue" => "x",
            _ when parameter.HasDefaultValue => parameter.DefaultValue,
            _ when parameter.ParameterType == typeof(TimeSpan) => TimeSpan.FromMinutes(1),
            _ => Value(parameter.ParameterType),
        };

    private static object? Value(Type type) =>
        type switch
        {
            _ when type == typeof(string) => "x",
            _ when type.IsAssignableFrom(typeof(string[])) => new[] { "x" },
            _ when type == typeof(AuthenticationBuilder) => new AuthenticationBuilder(new ServiceCollection()),
            _ when type == typeof(AuthorizationPolicyBuilder) => new AuthorizationPolicyBuilder(),
            _ when type == typeof(HttpContext) => new DefaultHttpContext(),
            { IsValueType: true } => Activator.CreateInstance(type),
            { IsInterface: true } => ((Mock)Activator.CreateInstance(typeof(Mock<>).MakeGenericType(type))!).Object,
            _ when typeof(Delegate).IsAssignableFrom(type) => NoOperation(type),
            _ => type.GetConstructor(Type.EmptyTypes)?.Invoke(null) ?? RuntimeHelpers.GetUninitializedObject(type),
        };

    private static Delegate NoOperation(Type type)
    {
        MethodInfo invoke = type.GetMethod("Invoke")!;
        return Expression
            .Lambda(
                type,
                Expression.Default(invoke.ReturnType),
                invoke.GetParameters().Select(parameter => Expression.Parameter(parameter.ParameterType))
            )
            .Compile();
    }
}

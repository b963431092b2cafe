using System.Net;
using System.Net.Security;
using System.Reflection;
using IntrospectionAuth.Certificates;

namespace IntrospectionAuth.Tests.Certificates;

/// <summary>The copy of the application's handler for a certificate has all of its settings.</summary>
public sealed class HandlerCopyTests
{
    public static TheoryData<string> HandlerProperties =>
        [
            .. PropertiesOf(typeof(SocketsHttpHandler))
                .Where(static property => property.Name != nameof(SocketsHttpHandler.SslOptions))
                .Select(static property => property.Name),
        ];

    public static TheoryData<string> TlsProperties =>
        [
            .. PropertiesOf(typeof(SslClientAuthenticationOptions))
                .Where(static property =>
                    property.PropertyType != typeof(SslStreamCertificateContext)
                    && (property.PropertyType != typeof(CipherSuitesPolicy) || !OperatingSystem.IsWindows())
                )
                .Select(static property => property.Name),
        ];

    [Theory]
    [MemberData(nameof(HandlerProperties))]
    public void Every_property_of_a_handler_is_copied(string name)
    {
        PropertyInfo property = typeof(SocketsHttpHandler).GetProperty(name)!;
        using var handler = new SocketsHttpHandler();
        object? value = Change(property, handler);

        using SocketsHttpHandler copy = HandlerCopy.Create(handler, certificate: null);

        Assert.Equal(value, property.GetValue(copy));
    }

    [Theory]
    [MemberData(nameof(TlsProperties))]
    public void Every_property_of_its_TLS_options_is_copied(string name)
    {
        PropertyInfo property = typeof(SslClientAuthenticationOptions).GetProperty(name)!;
        using var handler = new SocketsHttpHandler();
        object? value = Change(property, handler.SslOptions);

        using SocketsHttpHandler copy = HandlerCopy.Create(handler, certificate: null);

        Assert.Equal(value, property.GetValue(copy.SslOptions));
        Assert.NotSame(handler.SslOptions, copy.SslOptions);
    }

    [Fact]
    public void The_properties_that_the_application_sets_are_copied()
    {
        using var handler = new SocketsHttpHandler();
        handler.Properties["key"] = "value";

        using SocketsHttpHandler copy = HandlerCopy.Create(handler, certificate: null);

        Assert.Equal("value", copy.Properties["key"]);
    }

    [Fact]
    public void A_certificate_takes_precedence_over_the_one_of_the_application()
    {
        SslStreamCertificateContext own = CreateContext("own"),
            other = CreateContext("other");
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.ClientCertificateContext = own;

        using SocketsHttpHandler without = HandlerCopy.Create(handler, certificate: null),
            with = HandlerCopy.Create(handler, other);

        Assert.Same(own, without.SslOptions.ClientCertificateContext);
        Assert.Same(other, with.SslOptions.ClientCertificateContext);

        static SslStreamCertificateContext CreateContext(string name) =>
            SslStreamCertificateContext.Create(CertificateServer.CreateCertificate(name), additionalCertificates: null, offline: true);
    }

    private static IEnumerable<PropertyInfo> PropertiesOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static property => property.SetMethod is { IsPublic: true });

    /// <summary>Sets a property to a value other than its default.</summary>
    private static object? Change(PropertyInfo property, object target)
    {
        object? before = property.GetValue(target);
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        object? value = before switch
        {
            bool flag => !flag,
            int number => number == int.MaxValue ? 7 : number + 7,
            TimeSpan time => time == Timeout.InfiniteTimeSpan ? TimeSpan.FromSeconds(7) : time + TimeSpan.FromSeconds(7),
            Enum => Enum.GetValues(type).Cast<object>().First(other => !other.Equals(before) && IsAllowed(property, target, other)),
            _ => Create(type),
        };
        property.SetValue(target, value);
        Assert.NotEqual(before, value);
        return value;
    }

    private static bool IsAllowed(PropertyInfo property, object target, object value)
    {
        try
        {
            property.SetValue(target, value);
            return true;
        }
        catch (TargetInvocationException)
        {
            return false;
        }
    }

    private static object Create(Type type) =>
        type == typeof(string) ? "value"
        : type == typeof(ICredentials) ? new NetworkCredential()
        : type == typeof(IWebProxy) ? new WebProxy()
        : type == typeof(System.Diagnostics.Metrics.IMeterFactory) ? new Meters()
        : type == typeof(System.Diagnostics.DistributedContextPropagator)
            ? System.Diagnostics.DistributedContextPropagator.CreateNoOutputPropagator()
        : !OperatingSystem.IsWindows() && type == typeof(CipherSuitesPolicy)
            ? new CipherSuitesPolicy([TlsCipherSuite.TLS_AES_128_GCM_SHA256])
        : type.IsAssignableTo(typeof(Delegate)) ? CreateDelegate(type)
        : Activator.CreateInstance(type)!;

    private static Delegate CreateDelegate(Type type)
    {
        MethodInfo invoke = type.GetMethod("Invoke")!;
        var parameters = invoke
            .GetParameters()
            .Select(static parameter => System.Linq.Expressions.Expression.Parameter(parameter.ParameterType))
            .ToArray();
        return System
            .Linq.Expressions.Expression.Lambda(type, System.Linq.Expressions.Expression.Default(invoke.ReturnType), parameters)
            .Compile();
    }

    private sealed class Meters : System.Diagnostics.Metrics.IMeterFactory
    {
        public System.Diagnostics.Metrics.Meter Create(System.Diagnostics.Metrics.MeterOptions options) => new(options);

        public void Dispose() { }
    }
}

using System.Text;
using Grpc.Core;

namespace IntrospectionAuth.Integrations.Tests.GrpcServices;

/// <summary>What protoc would generate: a service with a method of each of the four kinds. Its messages are text.</summary>
[BindServiceMethod(typeof(EchoContract), nameof(Bind))]
public abstract class EchoContract
{
    private static readonly Marshaller<string> s_text = Marshallers.Create(Encoding.UTF8.GetBytes, Encoding.UTF8.GetString);

    public static Method<string, string> UnaryMethod { get; } = Create(MethodType.Unary, nameof(Unary));

    public static Method<string, string> ServerStreamMethod { get; } = Create(MethodType.ServerStreaming, nameof(ServerStream));

    public static Method<string, string> ClientStreamMethod { get; } = Create(MethodType.ClientStreaming, nameof(ClientStream));

    public static Method<string, string> DuplexMethod { get; } = Create(MethodType.DuplexStreaming, nameof(Duplex));

    public static void Bind(ServiceBinderBase binder, EchoContract? service)
    {
        binder.AddMethod(UnaryMethod, service is null ? null : service.Unary);
        binder.AddMethod(ServerStreamMethod, service is null ? null : service.ServerStream);
        binder.AddMethod(ClientStreamMethod, service is null ? null : service.ClientStream);
        binder.AddMethod(DuplexMethod, service is null ? null : service.Duplex);
    }

    public abstract Task<string> Unary(string request, ServerCallContext context);

    public abstract Task ServerStream(string request, IServerStreamWriter<string> responses, ServerCallContext context);

    public abstract Task<string> ClientStream(IAsyncStreamReader<string> requests, ServerCallContext context);

    public abstract Task Duplex(IAsyncStreamReader<string> requests, IServerStreamWriter<string> responses, ServerCallContext context);

    private static Method<string, string> Create(MethodType type, string name) => new(type, "tests.Echo", name, s_text, s_text);
}
